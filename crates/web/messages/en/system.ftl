# The installation: health, work behind the scenes, backups, the log.

system-title = System
system-window = { $title } · System · Kafila
system-health = Health
system-jobs = Jobs
system-tasks = Tasks
system-schedules = Schedules
system-backups = Backups
system-logs = Log
system-api = API reader
system-health-subtitle = What works, what needs a look, and what to do.
system-all-well = Everything is as it should be.
system-version = Version
system-uptime = Running for
system-database = Database
system-database-size = { $engine }, { $size }
system-running = Jobs running
system-streams = Open pages, live
system-look = Look
system-look-in = Look: { $title }
system-never = Never
system-unknown = unknown
system-yes = Yes
system-all = All
system-state = Status
system-kind = Kind of work
system-any-kind = Any kind of work
system-filter = Filter
system-by = For
system-tried = Tried
system-tries = { $n } of { $most } tries
system-retry = Try again
system-call-off = Call off
system-payload = What it works with
system-jobs-subtitle = Work behind the scenes: what waits, runs, or failed for good.
system-job-retried = The job is tried again.
system-job-cancelled = The job is called off.
system-no-dead-title = Nothing has failed
system-no-dead-text = Jobs that fail too often would stand here, with why.
system-no-jobs-title = No jobs here
system-no-jobs-text = Finished jobs are removed after a while.
system-all-jobs = See all jobs
system-fact-id = Id
system-fact-made = Made
system-fact-due = Due
system-fact-was-due = Was due
system-fact-ended = Ended
system-fact-event = Follows from
system-fact-task = Task
system-fact-done = Done
system-tasks-subtitle = Long work that somebody waits for: imports, files, actions on many orders.
system-no-tasks-title = No long work yet
system-no-tasks-text = Imports, files and actions on many orders appear here.
system-col-work = Work
system-col-progress = Progress
system-col-actions = Actions
system-download-of = Download { $title }
system-schedules-subtitle = Work that comes again by the clock.
system-schedule-changed = Schedule saved.
system-schedule-run = It runs now.
system-schedule-on = On
system-schedule-theirs = Somebody else saved meanwhile: { $cron }, { $zone }, { $state }. Save again to replace it.
system-on = On
system-off = Off
system-last-run = Last
system-next-run = Next
system-cron = Times
system-cron-hint = Minute, hour, day of the month, month, day of the week: 30 2 * * *
system-zone = Clock of
system-zone-hint = For example Africa/Algiers
system-hours = Hours
system-hours-business = Business hours only
system-run = Run now
system-run-of = Run now: { $name }
system-save = Save
system-every-minute = every minute
system-every-minutes = every { $n } minutes
system-every-hour = every hour
system-every-day = every day at { $time }
system-backups-subtitle = Verified copies of the database and its files, made each night and when you ask.
system-backups-postgres = PostgreSQL is backed up with its own tools, on the server.
system-backup-now = Back up now
system-backup-begun = The backup has begun.
system-backup-running = The copy is made, read whole and counted. You can leave this page.
system-backup-failed = The last backup failed: { $why }
system-backup-last = Last
system-backup-next = Next
system-backup-size = Size
system-backup-verified = Verified
system-backup-made = Made
system-backup-holds = Holds
system-backup-replaced = set aside by a restore
system-backup-before-migration = before an upgrade, files listed
system-backup-migration = Migration
system-backup-files-fact = Files
system-backup-sha256 = SHA-256
system-backup-about = About this backup
system-backup-tables = Rows in each table
system-backup-report = Verified when it was made: the copy opened, its structure and references are sound, { $rows } rows in { $tables } tables were counted.
system-backup-download = Download copy
system-backup-manifest = Manifest
system-backup-download-hint = It holds everything of everybody: keep it where nobody else can read it. Each download is written into the audit trail. Photos and files lie beside it in backups/files, keys in keys: copy both on the server.
system-no-backups-title = No backup yet
system-no-backups-text = The first one is made at night, or now.
system-restore-title = Bring a backup back
system-restore-text = A restore is a command on the server, with Kafila stopped. The present database is set aside, never deleted. Put the name of the backup where NAME stands.
system-postgres-title = Back up and restore
system-postgres-text = Run these on the server, by a timer of your own, and keep the result on another machine.
system-command-stop = Stop Kafila
system-command-restore = Put the backup in the place of the database
system-command-start = Start Kafila again
system-command-dump = Copy the database
system-command-files = Copy files and keys
system-command-pg-restore = Bring it back, with Kafila stopped
system-copy = Copy the command

light-green = Good
light-amber = Look
light-red = Act
light-unknown = Not known

health-database = Database
health-database-ok = It answers; { $queued } calls wait.
health-database-busy = { $queued } calls wait for it.
health-database-busy-do = Look for an import or an action on many orders; if it stays, give the machine a faster disk.
health-disk = Disk
health-disk-ok = { $size } free.
health-disk-little = Only { $size } free.
health-disk-full = { $size } free: work is about to stop.
health-disk-do = Make room: move old backups to another machine, or give the disk more space.
health-disk-unknown = The system does not say how much is free.
health-backup = Backup
health-backup-ok = The last one is of { $made }, verified; the next one of { $next }.
health-backup-first = There is none yet; the first one is made at { $next }.
health-backup-first-do = Make one now if you do not want to wait.
health-backup-none = There is none.
health-backup-late = The last one is of { $made }.
health-backup-do = Make one now, and see among the failed jobs why the night did not.
health-backup-off = The last one is of { $made }, but the nightly schedule is off.
health-backup-off-do = Switch the schedule on.
health-backup-postgres = PostgreSQL is backed up outside of Kafila, so its age is not known here.
health-backup-postgres-do = See to it that pg_dump runs each night, and try a restore.
health-queue = Queue
health-queue-ok = { $due } jobs due, { $running } running.
health-queue-late = { $due } jobs due, the oldest for { $span }.
health-queue-late-do = A long import may hold it up; it should shrink by itself.
health-queue-stuck-do = See whether a worker runs: kafila serve without worker = false, or kafila work; then read the log.
health-failed = Failed jobs
health-failed-ok = None.
health-failed-do = Read why, put it right, and try them again.
health-schedules = Schedules
health-schedules-ok = All on time.
health-schedules-overdue = One is overdue by { $span }.
health-mail = E-mail
health-mail-ok = Mail leaves by the configured server.
health-mail-folder = No mail server is configured; mails are written to the folder mail of the data directory.
health-mail-folder-do = Set mail.host and what belongs to it, and start again.
health-mail-failing-do = See why among the failed jobs; often the password or the port is wrong.
health-audit = Audit trail
health-audit-ok = Sealed, up to the last minutes.
health-audit-late-do = See among the schedules whether the sealing is on.
health-files = Files
health-files-disk = They lie in the data directory and go into each backup.
health-files-bucket = They lie in an S3-compatible store; backups do not copy them, so keep versions there.

log-subtitle = What the server wrote, newest first. Personal data and secrets are dots.
log-search = Filter the log
log-any = Every level
log-level = Level
log-error = Error
log-warn = Warning
log-info = Info
log-debug = Debug
log-text = Words
log-request = Request id
log-follow = Follow
log-unfollow = Following
log-at = At
log-target = Part
log-copy = Copy line
log-older = Older lines
log-clear = Clear filters
log-none-title = No line matches
log-none-text = Take a filter away, or look further back.
log-empty-title = The log is empty
log-empty-text = Files are off (log.keep_files = 0), or this process writes elsewhere.

size-bytes = { $n } B
size-kb = { $n } kB
size-mb = { $n } MB
size-gb = { $n } GB
span-seconds = { $n } s
span-minutes = { $n } min
span-hours = { $n } h

system-look-at = { $count ->
    [one] { $n } thing needs a look.
    *[other] { $n } things need a look.
}
system-jobs-count = { $count ->
    [one] { $n } job
    *[other] { $n } jobs
}
system-tasks-count = { $count ->
    [one] { $n } task
    *[other] { $n } tasks
}
system-task-errors = { $count ->
    [one] { $n } refused
    *[other] { $n } refused
}
system-backup-rows = { $count ->
    [one] { $n } row
    *[other] { $n } rows
}
system-backup-files = { $count ->
    [0] no files
    [one] { $n } file
    *[other] { $n } files
}
health-failed-some = { $count ->
    [one] { $n } job has failed for good.
    *[other] { $n } jobs have failed for good.
}
health-mail-failing = { $count ->
    [one] { $n } mail could not be sent.
    *[other] { $n } mails could not be sent.
}
health-audit-late = { $count ->
    [one] { $n } event waits to be sealed.
    *[other] { $n } events wait to be sealed.
}
span-days = { $count ->
    [one] { $n } day
    *[other] { $n } days
}

# Caches

cache-title = Caches of this process
cache-about = What it remembers so that it need not ask again. Emptying one makes the next looks slower and changes nothing else.
cache-since = Counted since { $at }.
cache-callers = Who is signed in
cache-callers-text = Sessions, tokens and keys with their rights, for five seconds.
cache-settings = Settings
cache-settings-text = Settings and rules of each organization, for five seconds.
cache-search-windows = Search windows
cache-search-windows-text = Where the newest orders end that a search looks through first, for ten minutes.
cache-of = { $n } of { $most }
cache-entries = Entries
cache-hits = Known
cache-misses = Asked
cache-share = Known, share
cache-clear = Empty
cache-clear-one = Empty: { $title }
cache-cleared = The cache is empty

# What can be tuned

param-title = What can be tuned
param-about = As it is in force. Change it in kafila.toml or by the variable, and start again.
param-value = In force
param-default = Default
param-readers = Reads of SQLite that run at once; about as many as the machine has cores.
param-cache = Kilobytes of the SQLite file that each reader keeps in memory.
param-connections = Connections of this process to PostgreSQL.
param-timeout = Milliseconds that a request may take; uploads and exports are exempt.
param-body = Bytes of the largest JSON request.
param-upload = Bytes of the largest file that may be uploaded.
param-attachment = Bytes of the largest photo or file on an order or customer.
param-sign-in-address = Tries to sign in from one address, in a minute.
param-sign-in-account = Tries to sign in to one account, in a minute.
param-public = Calls without a session from one address, in a minute.
param-api = Calls of one user or key, in a minute.
param-lookup-address = Look-ups of orders from one address, in a minute.
param-lookup-number = Look-ups of one number, in an hour.
param-log-files = Daily files of the log that are kept.
param-backups = Backups that are kept.

# What failed lately

fail-title = What failed lately
fail-about = Errors of requests and jobs in the last seven days, by kind.
fail-about-more = Errors of requests and jobs in the last seven days, by kind; the last 500 are counted.
fail-count = Times
fail-last = Last
fail-first = First
fail-request = Lines of request { $id }
