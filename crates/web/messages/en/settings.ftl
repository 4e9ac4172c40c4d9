# Settings: the frame, forms, every section, reasons, tags, fields, numbers.

set-title = Settings
set-subtitle = Each part is saved alone; everything says what it changes.
set-window = { $title } · { $section } · Kafila
set-search = Search settings
set-find = Search
set-no-match = Nothing matches “{ $q }”
set-no-match-text = Try another word.
set-save = Save
set-add = Add
set-cancel = Cancel
set-copy = Copy
set-actions = Actions
set-yes = Yes
set-no = No
set-nothing = nothing
set-optional = optional
set-usual = Default: { $value }.
set-theirs = Somebody else changed this to: { $value }
set-stale = Somebody else saved this meanwhile. Both sides stand below; saving keeps yours.
set-changed = Changed { $when }
set-changed-by = Changed { $when } by { $name }
set-position = Place in the list
set-position-hint = The lowest number stands first; empty means last.
set-labels = Names
set-labels-text = What people read, each in their language. Where one has none, the next one that its readers understand stands.
set-label-en = English
set-label-fr = French
set-label-ar = Arabic
set-label-dz = Algerian dialect
set-tone = Colour
set-tone-neutral = Grey
set-tone-info = Blue
set-tone-ok = Green
set-tone-warn = Amber
set-tone-bad = Red
set-tone-violet = Violet
set-tone-primary = House green

set-done-saved = Saved
set-done-made = Added
set-done-archived = Put away
set-done-reopened = Open again
set-done-removed = Deleted
set-done-ended = Ended
set-done-drafted = In the draft; nothing is in force yet
set-done-discarded = The draft is thrown away
set-done-activated = The new rules are in force
set-done-let-go = Deactivated
set-done-factor = The second factor is off

set-unit-seconds = { $count ->
    [one] { $n } second
    *[other] { $n } seconds
}
set-unit-minutes = { $count ->
    [one] { $n } minute
    *[other] { $n } minutes
}
set-unit-hours = { $count ->
    [one] { $n } hour
    *[other] { $n } hours
}
set-unit-days = { $count ->
    [one] { $n } day
    *[other] { $n } days
}
set-unit-months = { $count ->
    [one] { $n } month
    *[other] { $n } months
}
set-unit-lines = { $count ->
    [one] { $n } line
    *[other] { $n } lines
}
set-unit-attempts = { $count ->
    [one] { $n } attempt
    *[other] { $n } attempts
}
set-unit-levels = { $count ->
    [one] { $n } level
    *[other] { $n } levels
}
set-unit-score = { $count ->
    [one] { $n } of 4
    *[other] { $n } of 4
}

set-general = Organization
set-general-about = Name and language.
set-general-name = Name of the organization
set-general-name-hint = Stands on pages, mails and documents.
set-general-default-locale = Language of new people
set-general-default-locale-hint = Also of texts to nobody in particular. Everybody can choose another.
set-orders = Orders
set-orders-about = Undo, drafts, limits and numbers.
set-orders-undo-seconds = Time to undo
set-orders-undo-seconds-hint = In seconds. A step can be taken back for so long; messages and the ERP wait as long. 0 to 300.
set-orders-bulk-undo-minutes = Time to undo work on many orders
set-orders-bulk-undo-minutes-hint = In minutes. What goes outside waits as long. 0 to 1,440.
set-orders-draft-days = Drafts are kept
set-orders-draft-days-hint = In days after the last change; then a draft is deleted. 1 to 365.
set-orders-max-lines = Most lines of an order
set-orders-max-lines-hint = An order with more is refused. 1 to 5,000.
set-orders-number-prefix = Before order numbers
set-orders-number-prefix-hint = K- makes K-1041. Only new orders get it. At most 8 letters, digits, dashes.
set-statuses-about = Sub-statuses, moves, who hears of what.
set-cancellation-reasons = Reasons to cancel
set-cancellation-reasons-about = What agents choose when an order is called off.
set-hold-kinds = Reasons to hold
set-hold-kinds-about = What agents choose when an order is held back.
set-escalation-reasons = Reasons to pass up
set-escalation-reasons-about = What agents choose when a problem goes up the team.
set-escalation = Escalation path
set-escalation-about = Who gets a problem, and how long each level has.
set-escalation-agent-hours = Hours of the agent
set-escalation-agent-hours-hint = Working hours that an answered problem may wait with its agent. 1 to 1,000.
set-escalation-levels = Levels
set-escalation-levels-hint = From the lowest to the highest. A problem goes one level up when its working hours are over.
set-escalation-mail = E-mail to the people of a level
set-escalation-mail-hint = They hear of a problem as soon as it reaches them.
set-level-role = Level { $n }: role
set-level-hours = Level { $n }: working hours
set-level-none = No such level
set-tags = Tags
set-tags-about = Short words that orders and customers are marked with.
set-fields = Custom fields
set-fields-about = What your team keeps about orders and customers beyond the usual.
set-fields-new-tags = Anybody may begin a tag
set-fields-new-tags-hint = Otherwise that takes the right to edit tags.
set-fields-keep-unknown = Keep values of unknown fields
set-fields-keep-unknown-hint = From files and programs; otherwise they are refused.
set-numbers = Invoice numbers
set-numbers-about = Gap-free numbers of invoices and credit notes, store by store.
set-notifications = Messages
set-notifications-about = What customers are sent, and who it is from.
set-notifications-email = E-mail to customers
set-notifications-email-hint = Off, nobody outside the team gets e-mail. How mail is sent is configured on the server.
set-notifications-sender-name = Name of the sender
set-notifications-sender-name-hint = Empty means the name of the organization.
set-tracking = Customer pages
set-tracking-about = Look-up and tracking, contacts and colour.
set-tracking-is-on = Customers can look at their orders
set-tracking-is-on-hint = By number, by link and by code. Off, these pages say that they are closed.
set-tracking-link-days = Links to an order work
set-tracking-link-days-hint = In days. 1 to 730.
set-tracking-phone = Telephone for customers
set-tracking-phone-hint = With the country’s code: +213 550 14 23 87. Empty shows nothing.
set-tracking-whatsapp = WhatsApp for customers
set-tracking-whatsapp-hint = In the same form. Empty shows nothing.
set-tracking-accent = Colour of headings and buttons
set-tracking-accent-hint = Such as #0b6b5d; white must be readable on it. Empty takes the store’s own.
set-tracking-stores = Different for some stores
set-tracking-stores-hint = What is left empty is as above.
set-front-phone = { $store }: telephone
set-front-whatsapp = { $store }: WhatsApp
set-front-accent = { $store }: colour
set-tracking-change = Customers change their order themselves
set-tracking-change-hint = Items, address, name, number and day, from its page, with the end of their number. Otherwise they ask, and the team decides.
set-tracking-cancel = Customers cancel their order themselves
set-tracking-cancel-hint = From its page, with the end of their number. Otherwise they ask, and the team decides.
set-until-never = Never
set-until-confirmed = Until it is confirmed
set-until-prepared = Until it is being packed
set-logo = Logo
set-logo-about = What customers see at the head of their pages and quotes.
logo-all = All stores
logo-none = No logo: pages show the first letter of the name.
logo-none-own = No logo of its own: that of all stores is shown.
logo-alt = Logo: { $name }
logo-facts = { $width } × { $height } pixels, { $size } kB
logo-file = Picture
logo-file-hint = PNG, JPEG or WebP, at most 2 MB. It is made small enough for slow lines: at most 400 × 96 pixels.
logo-set = Use this picture
logo-remove = Remove
set-unit-stores = { $count ->
    [one] { $n } store
    *[other] { $n } stores
}
set-erp = ERP and webhooks
set-erp-about = Where moves of orders are told to.
set-erp-url = Address
set-erp-url-hint = Such as https://erp.example/hooks. Empty tells nobody.
set-erp-secret-name = Name of the secret
set-erp-secret-name-hint = The secret of this name signs what is told.
set-erp-secret = Signing secret
set-erp-secret-hint = Base64, with or without whsec_. It is kept encrypted and never shown again.
set-erp-secret-save = Store the secret
set-access = Log-in
set-access-about = Sessions, passwords, locks, links.
set-access-session-idle-days = Log out after silence
set-access-session-idle-days-hint = In days without a request. 1 to 90.
set-access-trusted-days = Trusted devices stay logged in
set-access-trusted-days-hint = In days. 1 to 365.
set-access-token-hours = API tokens live
set-access-token-hours-hint = In hours. 1 to 24.
set-access-password-min-score = Least strength of a password
set-access-password-min-score-hint = 0 takes anything, 4 only what is very hard to guess. Counts for new passwords.
set-access-lockout-attempts = Wrong passwords until the lock
set-access-lockout-attempts-hint = In a row. 3 to 100.
set-access-lockout-minutes = Longest lock
set-access-lockout-minutes-hint = In minutes. 1 to 1,440.
set-access-invite-hours = Invitations work
set-access-invite-hours-hint = In hours. 1 to 720.
set-access-reset-minutes = Links for a new password work
set-access-reset-minutes-hint = In minutes. 5 to 1,440.
set-privacy = Privacy
set-privacy-about = Addresses of requests, erasing, forgetting.
set-privacy-keep-ip = Keep the address of a log-in
set-privacy-keep-ip-hint = It stands with sessions and helps to see strangers.
set-privacy-erase-wait-hours = Wait before erasing a person
set-privacy-erase-wait-hours-hint = In hours, in which it can be called off. 0 to 720.
set-privacy-forget-after-months = Forget customers after
set-privacy-forget-after-months-hint = In months without an order or a change; 0 means never. 0 to 240.
set-retention = Retention
set-retention-about = How long jobs and messages are kept.
set-retention-job-log-days = Finished jobs are kept
set-retention-job-log-days-hint = In days. 1 to 3,650.
set-retention-messages-days = Messages to customers are kept
set-retention-messages-days-hint = In days. 1 to 3,650. The history of orders stays.

reasons-new = New reason
reasons-own = Your own
reasons-code = Code
reasons-code-hint = Small letters, digits and underscores. Programs call it so; it never changes.
reasons-needs-note = Needs a note
reasons-needs-note-hint = Whoever chooses it must say more.
reasons-against = Counts against the customer
reasons-against-hint = In the customer’s delivery record.
reasons-archived = Not offered
reasons-archived-hint = It leaves the list; histories and figures keep it.

tags-new = New tag
tags-name = Name
tags-name-hint = Orders and customers take a new name over. The old one goes on meaning this tag.
tags-search = Search tags
tags-orders = Orders
tags-customers = Customers
tags-none = No tags yet
tags-none-text = Tags mark orders and customers: gift, fragile, VIP.
tags-count = { $count ->
    [one] { $n } tag
    *[other] { $n } tags
}
tags-on-orders = { $count ->
    [one] On { $n } order
    *[other] On { $n } orders
}
tags-archived = Not offered
tags-archived-hint = Nobody can add it any more; it stays where it is.
tags-merge = Merge
tags-merge-text = Orders and customers with this tag get the other one. It cannot be undone.
tags-merge-into = Into
tags-merge-choose = Choose a tag

fields-new = New field
fields-new-text = What it is about, its key and its kind never change.
fields-none = No fields yet.
fields-subject = About
fields-of-orders = Orders
fields-of-customers = Customers
fields-key = Key
fields-key-hint = Small letters, digits and underscores: size.
fields-kind = Kind
fields-kind-hint = What it holds.
fields-kind-text = Words
fields-kind-number = Number
fields-kind-money = Amount
fields-kind-date = Day
fields-kind-boolean = Yes or no
fields-kind-choice = One of a list
fields-kind-multi-choice = Some of a list
fields-kind-url = Web address
fields-kind-phone = Telephone
fields-choices = Choices
fields-choices-hint = Only for lists, one a line: xl: Extra large | Très grand | كبير جداً. Names in English, French, Arabic.
fields-required = Must have a value
fields-required-no = Never
fields-required-placing = When it is entered
fields-required-confirming = Before an order is confirmed
fields-filterable = Lists can be filtered by it
fields-filterable-hint = Values from before are indexed in the background.
fields-searchable = Searches look at it
fields-listed = Lists show it
fields-filling = Index is being written
fields-filling-text = The index of this field is being written. Filters work when it is done.
fields-archived = Not used
fields-archived-hint = Values that stand stay, and nobody judges them.

numbers-text = Each number is given once and without gaps. A pattern is made of the words store, year, yy and seq in braces: seq:5 in braces counts with five digits.
numbers-invoice = Invoices
numbers-credit-note = Credit notes
numbers-next = Next:
numbers-pattern = Pattern
numbers-pattern-hint = Counts for the next document.
numbers-first = Begins at
numbers-first-hint = Only while no number was given.
