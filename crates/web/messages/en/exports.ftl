# Files that somebody asked for.

exports-title = Your files
exports-window = Your files · Orders · Kafila
exports-text = Only you can fetch them. They go after seven days.
exports-hint = The file is made behind the scenes with the columns of an export; who took it is kept.
exports-csv = CSV
exports-xlsx = Excel
exports-of-orders = Orders
exports-of-customers = Customers
exports-name = { $what }, { $kind }
exports-rows = { $count ->
    [one] { $n } row
    *[other] { $n } rows
}
exports-checksum = SHA-256
exports-fetch = Download
exports-cancel = Stop
exports-none = No file yet
exports-none-text = Filter the list of orders, then export what it shows.
