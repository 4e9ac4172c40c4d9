# Orders from files, and long work as every page shows it.

imports-title = Imports
imports-window = Imports · Kafila
imports-window-of = { $title } · Imports · Kafila
imports-window-wrong = Error: { $title } · Imports · Kafila
imports-subtitle = Orders from CSV and XLSX files. Each import can be taken back.
imports-new = New import
imports-new-text = CSV or XLSX. You name the columns and see every error before anything is saved.
imports-back = Back to imports
imports-other-file = Another file
imports-col-file = File
imports-col-state = Status
imports-col-result = Result
imports-col-by = By
imports-col-begun = Begun
imports-count = { $count ->
    [one] { $n } import
    *[other] { $n } imports
}
imports-empty-title = No file was brought in yet
imports-empty-text = Upload the orders of another system or a sheet of your team. You see what would happen before anything is saved.
imports-empty-sample = Not sure what a file should look like?
imports-sample = Download a sample file
imports-running = Coming in
imports-done = Done
imports-stopped = Stopped
imports-undoing = Being taken back
imports-undone = Taken back
imports-made = { $count ->
    [0] nothing new
    [one] { $n } order made
    *[other] { $n } orders made
}
imports-kept = { $count ->
    [0] None stayed.
    [one] { $n } order stayed.
    *[other] { $n } orders stayed.
}
imports-removed = { $count ->
    [0] None went.
    [one] { $n } order went.
    *[other] { $n } orders went.
}
imports-rejected = { $count ->
    [one] { $n } row refused
    *[other] { $n } rows refused
}
imports-by-mapping = { $name }, version { $version }

imports-choose = Choose a file or drop it here
imports-choose-hint = CSV (also .gz and .zst) or XLSX, with a line of headings
imports-upload = Upload
imports-next = What comes next
imports-step-columns = Columns
imports-step-columns-text = Kafila says which column it takes for what. You put it right once and keep it under a name.
imports-step-try = Trial
imports-step-try-text = Every row is tried and nothing is kept. Rows that would be refused are named with their line.
imports-step-start = Import
imports-step-start-text = Orders come in while you work on. The same file twice changes nothing.
imports-facts = { $size }, { $columns }
imports-columns-count = { $count ->
    [one] { $n } column
    *[other] { $n } columns
}
imports-how-title = 1. How the file is read
imports-how = Read as
imports-how-own = Columns named by hand
imports-how-fits = { $name } (fits)
imports-how-own-note = The columns below are a guess. Put them right and save them under a name.
imports-how-mapping-note = The columns are read as you saved them. Changes are saved as the next version.
imports-how-preset-note = This format is known: nothing needs to be named.
imports-how-missing = The guess found no column for: { $columns }. Name one below.
imports-preset-kafila = Kafila’s own columns
imports-preset-online-retail = Online Retail II (invoice lines)
imports-preset-olist = Olist (folder of tables)
imports-preset-shopify = Shopify
imports-preset-woocommerce = WooCommerce
imports-preset-youcan = YouCan
imports-preset-generic = Whatever the headings say
imports-preset-mapping = A mapping
imports-encoding = Letters
imports-encoding-found = Found: { $name }
imports-show = Show
imports-columns = 2. Which column is what
imports-left-alone = (left alone)
imports-field-of = What “{ $column }” is
imports-why-heading = heading “{ $evidence }”
imports-why-phone = { $evidence } look like phones
imports-why-email = { $evidence } look like e-mail addresses
imports-why-date = { $evidence } look like dates
imports-why-amount = { $evidence } look like amounts
imports-why-count = { $evidence } look like counts
imports-why-state = { $evidence } are known statuses
imports-why-unlike = the cells look different ({ $evidence })
imports-words = What words mean
imports-words-text = Words that Kafila knows need nothing. Name the others.
imports-word-known = As Kafila knows it
imports-meaning-of = What “{ $word }” means
imports-rows = A row is
imports-rows-line = a line of an order
imports-rows-order = a whole order
imports-dates = 03/04 means
imports-dates-day = 3 April
imports-dates-month = March 4
imports-decimals = Amounts
imports-decimals-auto = As each amount says itself
imports-decimals-point = 1,234.50
imports-decimals-comma = 1.234,50
imports-constant-channel = Channel, where no column says it
imports-no-constant = Not said
imports-constant-placed-at = Placed, where no column says it (optional)
imports-currency = Currency, if not the store’s (optional)
imports-mapping-name = Name of this mapping
imports-mapping-hint = The next file with these columns is read without asking.
imports-save-mapping = Save columns
imports-mapping-saved = Columns saved. Try the file next.
imports-wrong = The columns cannot be saved like this:
imports-wrong-column = { $column }: { $words }
imports-theirs = Saved by somebody else meanwhile:
imports-rows-title = First rows of the file
imports-first-rows = { $count ->
    [one] { $n } row
    *[other] { $n } rows
}
imports-line = Line
imports-line-n = line { $n }
imports-check = 3. Try, then import
imports-check-text = The trial reads the whole file and keeps nothing.
imports-save-first = Save the columns first; then the file can be tried.
imports-store = Store
imports-store-hint = One store for all orders, or as the file says.
imports-store-of-file = As the file says
imports-try = Try the file
imports-try-again = Try again
imports-start = Import now
imports-trying = The trial runs. Nothing is saved.
imports-try-stopped = The trial was stopped.
imports-refresh = Refresh
imports-stop = Stop
imports-stopping = It stops after the present batch.
imports-started = The import has begun.
imports-undo-begun = The import is being taken back.
imports-running-text = You can leave this page; the work goes on.
imports-result = Result
imports-would-create = Orders it would make
imports-created = Orders made
imports-unchanged = There already, unchanged
imports-credit-notes = Credit notes
imports-lines = Rows taken
imports-refused = Rows refused
imports-would-open = Stores that would be opened for this file, because there are none with these codes: { $stores }
imports-opened = Stores that were opened for this file: { $stores }
imports-tried-all = Every row can be taken. Orders that would be made: { $created }.
imports-tried-some = Rows that would be refused: { $rejected }. Orders that would be made: { $created }.
imports-tried-nothing = The file brings nothing new: every order of it is there already.
imports-ended-all = Every row was taken. Orders made: { $created }.
imports-ended-some = Rows refused: { $rejected }. Orders made: { $created }.
imports-ended-nothing = The file brought nothing new: every order of it was there already.
imports-refused-title = Refused rows
imports-refused-text = Put them right in the downloaded file and import that file.
imports-refused-first = Shown: the first { $n } of { $total }.
imports-refused-download = Download refused rows
imports-failed-note = It failed: { $why } What was in stays. Import the same file again to go on: orders that are there are left as they are.
imports-stopped-note = It was stopped before its end. What was in stays. Import the same file again to go on: orders that are there are left as they are.
imports-again = Import again
imports-about = About this import
imports-fact-by = By
imports-fact-how = Read as
imports-fact-store = Store
imports-fact-begun = Begun
imports-fact-ended = Ended
imports-fact-undone = Taken back
imports-fact-made = Result
imports-undo = Take import back
imports-undo-hint = Removes the orders that nobody has touched since. What somebody has worked with stays and is named.
imports-undo-title = Take “{ $name }” back?
imports-undo-text = It said: { $made }. They are removed with their lines and history; those that somebody has worked with stay.
imports-undone-title = What the way back came to
imports-kept-download = Download what stayed

progress-waiting = Waits for its turn
progress-done = { $count ->
    [one] { $n } done
    *[other] { $n } done
}
progress-of = { $done } of { $total }
progress-pace = { $rate } a second
progress-pace-left = { $rate } a second, { $left }
progress-left-seconds = { $n } s left
progress-left-minutes = { $n } min left
progress-left-hours = { $n } h left

task-waiting = Waiting
task-running = Running
task-done = Done
task-failed = Failed
task-cancelled = Stopped

job-waiting = Waiting
job-running = Running
job-done = Done
job-dead = Failed
job-cancelled = Called off

actor-key = A program (API key)
actor-customer = The customer
actor-system = Kafila

work-notify-customer = Tell a customer
work-send-message = Send a message
work-push-to-erp = Tell the back office
work-send-mail = Send an e-mail
work-release-hold = Release a hold
work-raise-escalation = Pass an escalation up
work-notify-escalation = Tell about an escalation
work-import-orders = Import orders
work-undo-import = Take an import back
work-export = Make a file
work-try-rules = Try rules
work-move-substatuses = Move sub-statuses
work-bulk = Action on many orders
work-seal-events = Seal the audit trail
work-prove-counters = Prove the counters
work-purge = Remove what is past its time
work-backup = Back up
work-merge-customers = Merge customers
work-export-person = Write down a person’s data
work-erase-person = Erase a person
work-forget-inactive = Find inactive customers
work-retag = Carry a tag through
work-fill-field = Fill a field’s index
work-sweep-files = Sweep files
work-verify-chain = Check the audit trail
