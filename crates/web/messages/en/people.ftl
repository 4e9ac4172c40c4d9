# People, roles, sessions, keys.

people-title = People
people-tabs = People and access
people-subtitle = { $count ->
    [one] { $n } active person
    *[other] { $n } active people
}
people-everybody = Everybody
people-active = Active
people-invited = Invited
people-archived = Deactivated
people-search = Name, e-mail or role
people-state = State
people-name = Name
people-role = Role
people-stores = Stores
people-all-stores = All stores
people-factor = Second factor
people-factor-on = On
people-factor-off = Off
people-seen = Last log-in
people-never = Never
people-since = Since
people-you = You
people-none = Nobody is here
people-none-text = People with this state will stand here.
people-no-match = Nobody matches “{ $q }”
people-no-match-text = Try a part of the name, the e-mail or the role.
people-invite = Invite somebody
people-invite-text = They get a link, set a password and are in.
people-invite-button = Make the invitation
people-invite-again = New link
people-invite-another = Invite somebody else
people-back = Back to people
people-email-hint = They log in with it.
people-role-hint = Only roles whose rights you have yourself.
people-stores-hint = Without meaning where the role sees all stores.
people-language-usual = As the organization
people-invited-title = Invitation for { $name }
people-invited-text = The invitation is made, and on its way by e-mail where mail is set up.
people-link-text = The link is shown this once. Whoever has it can join, so send it to this person alone.
people-link = Link to join
people-link-until = It can be used once, until
people-by-whatsapp = Send by WhatsApp
people-by-mail = Send by e-mail
people-invite-subject = Your access to { $organization }
people-invite-message = Hello { $name }, this is your access to { $organization }. Open the link and set a password: { $link }
people-facts = About
people-open-orders = { $count ->
    [one] { $n } open order
    *[other] { $n } open orders
}
people-let-go = Deactivate
people-let-go-title = Deactivate { $name }?
people-let-go-text = Their sessions, keys and links end at once. Their history stays, and you can invite them back.
people-let-go-orders = { $count ->
    [one] Their sessions, keys and links end at once. { $n } open order stays theirs until somebody gives it to another agent; their history stays.
    *[other] Their sessions, keys and links end at once. { $n } open orders stay theirs until somebody gives them to another agent; their history stays.
}
people-is-archived = This person cannot log in any more. Inviting them back gives them a new link; role and stores are as they were.
people-reopen = Invite back
people-reset-factor = Switch second factor off
people-reset-factor-title = Switch off the second factor of { $name }?
people-reset-factor-text = For somebody who lost their phone. They log in with the password alone until they set it up again.

roles-title = Roles
roles-subtitle = Who may do what. Changes are felt at once by everybody who has the role.
roles-new = New role
roles-new-text = Begin with a role that comes near, then add and take away.
roles-make = Make the role
roles-copy = New role from this
roles-own = Your own
roles-people = { $count ->
    [one] { $n } person
    *[other] { $n } people
}
roles-rights = { $n } of { $all } rights
roles-same = As { $base } began
roles-differs = Against { $base }: { $more } more, { $less } fewer
roles-matrix = Areas and roles
roles-area = Area
roles-share-all = All
roles-share-none = None
roles-share-part = Some
roles-share-some = { $n }/{ $all }
roles-compare = Compare with
roles-compare-button = Show
roles-more = More
roles-less = Fewer
roles-name = Name of the role
roles-who = Who has it
roles-remove = Delete the role
roles-remove-title = Delete { $name }?
roles-remove-text = Nobody has it. It cannot be brought back, but you can make it again.
roles-admin-fixed = Admin has every right and cannot change.
roles-above-you = This role may do more than you, so you can only look at it.
roles-stale = Somebody changed this role meanwhile. Now it is called { $name }. Only there: { $theirs }. Only here: { $yours }. Saving keeps what is checked below.

sessions-title = Sessions
sessions-subtitle = { $count ->
    [one] { $n } place where somebody is logged in
    *[other] { $n } places where somebody is logged in
}
sessions-device = Device
sessions-browser = Browser
sessions-token = API token
sessions-address = Address
sessions-seen = Last used
sessions-until = Ends
sessions-trusted = Trusted
sessions-this = This one
sessions-end = End
sessions-end-all = End all
sessions-end-all-title = End all sessions of { $name }?
sessions-end-all-text = They are logged out everywhere and log in again with their password.

keysof-title = API keys
keysof-subtitle = What programs come in with. A key never does more than its owner may.
keysof-new = New key
keysof-new-text = Give a program only what it needs, and an end.
keysof-make = Make the key
keysof-docs = API documents
keysof-name = Name
keysof-name-hint = What it is for: “Web shop”.
keysof-owner = Belongs to
keysof-owner-hint = Yours follows your role and ends with you; a role’s own key stays.
keysof-mine = Me
keysof-of-role = The role { $role }
keysof-may = May
keysof-all-rights = All that its owner may
keysof-some-rights = { $count ->
    [one] { $n } right
    *[other] { $n } rights
}
keysof-rights = What it may do
keysof-rights-hint = Nothing checked means all that its owner may.
keysof-stores-hint = Nothing checked means all stores that its owner sees.
keysof-ends = Ends
keysof-ends-hint = The last day on which it works. Without one it works until somebody ends it.
keysof-no-end = No end
keysof-over = Over
keysof-used = Last used
keysof-unused = Not yet
keysof-none = No keys yet
keysof-none-text = A key lets a web shop, a sheet or a script work with orders over the API.
keysof-revoke = End the key
keysof-revoke-title = End the key { $name }?
keysof-revoke-text = Programs that use it are refused at once. It cannot be brought back.
keysof-made-title = Key { $name }
keysof-once = This is the only time that the key is shown. Copy it now and keep it where your program reads it.
keysof-secret = The key
keysof-example = Try it
keysof-done = I have copied it

area-orders = Orders
area-moves = Steps of an order
area-customers = Customers
area-money = Payments and invoices
area-catalogue = Products, tags, fields
area-insight = Figures and history
area-team = Team and access
area-setup = Stores and system

right-order-read = See orders
right-order-see-all = See the orders of all agents
right-order-place = Place orders
right-order-edit = Change orders: items, address, priority
right-order-confirm = Confirm, wait for stock, restock
right-order-process = Begin preparation
right-order-ship = Hand over to the courier, report on the way
right-order-deliver = Report a delivery
right-order-cancel = Cancel and reopen
right-order-return = Ask for a return
right-order-return-approve = Approve, reject and receive returns
right-order-refund = Give money back
right-order-correct = Put a wrong step right
right-order-note = Write notes and tracking entries
right-order-hold = Hold orders back and release them
right-order-escalate = Pass a problem up the team
right-escalation-handle = Answer and settle what was passed up
right-order-attach = Attach photos and files
right-order-bulk = Act on many orders at once
right-order-assign = Give orders to agents
right-order-archive = Take orders out of the daily lists
right-order-decide = Record decisions of rules and models
right-order-import = Bring orders in from files
right-order-export = Take orders out as files
right-payment-read = See payments and refunds
right-payment-record = Record payments and refunds
right-number-read = See invoice numbers
right-number-issue = Give invoice numbers and void documents
right-stats-read = See figures
right-customer-read = See customers
right-customer-edit = Change customers
right-customer-merge = Merge two customers, and undo it
right-customer-export = Take out all that is kept about a person
right-customer-erase = Erase a person
right-phone-see = See telephone numbers whole
right-phone-reveal = See one telephone number at a time, which is written down
right-contact-see = See e-mails and streets whole
right-catalogue-read = See products
right-catalogue-edit = Change products
right-tag-edit = Make, rename, merge and put away tags
right-field-edit = Define fields of the team’s own
right-view-share = Share views of lists
right-store-read = See stores
right-store-edit = Open and change stores
right-store-see-all = See all stores
right-user-read = See people and roles
right-user-edit = Invite, change and deactivate people
right-role-edit = Make and change roles
right-session-edit = See and end other people’s sessions
right-api-key-edit = Make and end API keys
right-settings-read = See settings
right-settings-edit = Change settings
right-audit-read = Read the history of everything
right-system-read = See jobs, schedules and health
right-system-edit = Retry and stop jobs, change schedules
right-log-read = Read the server’s log
right-backup-take = Take backups out: everything of everybody
roles-from = Begin with
