## Around every page

skip-to-content = Skip to the content
nav-label = Sections
nav-jobs = Jobs
nav-new-job = New job
language-label = Language
theme-label = Colours
theme-auto = As the system
theme-light = Light
theme-dark = Dark
breadcrumb-label = Where you are
breadcrumb-jobs = All jobs of the project
loading = Loading…
page-not-loaded = The page could not be loaded: the connection was lost, or the server has a newer version by now.
page-reload = Load again
download = Download
cancel = Cancel
not-found-title = No such page
not-found-text = The address leads nowhere: it may be cut, or mistyped.
not-found-link = Go to the jobs

## Signing in

sign-in = Sign in
sign-in-later = Later
sign-in-heading = Who are you?
sign-in-text = This server needs a token. Open the link that it printed when it started, or ask whoever runs it for a token.
sign-out = Sign out
token-label = Token
token-keep = Keep it in this browser, also when the tab is closed
token-empty = Paste the token here.
token-unknown = The server does not know this token: it was removed, has expired, or is mistyped.

## Jobs of a project

jobs-heading = Jobs
jobs-title = Jobs of { $project }
jobs-empty-heading = No jobs yet
jobs-empty-text = A job is a command with its files. Write the first one: it takes a minute.
jobs-empty-link = Make the first job
column-state = State
column-name = Name
column-created = Created
column-duration = Duration
column-size = Size
pages-label = Pages
pages-newest = Newest
pages-older = Older
job-unnamed = Unnamed job

## States

status-unspecified = Unknown
status-creating = Waiting for files
status-preparing = Preparing
status-executing = Running
status-uploading-output = Collecting outputs
status-success = Done
status-error = Failed
status-cancelling = Being cancelled
status-cancelled = Cancelled

## New job

new-job-title = New job
name-label = Name
desc-label = Description
cmd-label = Command
cmd-hint = Run by sh in a folder that holds the inputs. A variable is written ${"{"}NAME{"}"}.
cmd-variables = Variables:
inputs-heading = Inputs
inputs-hint = Files the command reads. The path is where it finds each one.
inputs-add = Choose files
inputs-drop = or drop them here
inputs-add-folder = Choose a folder
inputs-listing = Listing the folder: { $count ->
    [one] { $count } file
   *[other] { $count } files
}
inputs-unreadable = The folder could not be read ({ $reason }). Drop it again, or choose it with the button.
input-choose-folder = Choose folder for { $path }
input-choose-folder-short = Choose folder
folder-summary = { $count ->
    [one] { $count } file
   *[other] { $count } files
}, { $size }
folder-listed = { $count ->
    [one] { $count } file
   *[other] { $count } files
}, sizes are being read
folder-left-out = { $count } left out
folder-git = Leave out what .gitignore names
folder-own = Also leave out
folder-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
folder-more = Show { $count } more
left-out-own = left out by { $rule }
left-out-git = left out by { $rule } in { $file }
inputs-added = { $count ->
    [one] { $count } file added
   *[other] { $count } files added
}
outputs-heading = Outputs
outputs-hint = Files and folders the command makes; they can be downloaded afterwards.
outputs-add = Add an output
arguments-heading = Arguments
arguments-hint = Values that stand in the command under a name.
arguments-add = Add an argument
env-heading = Environment variables
env-hint = Given to the program as its environment.
env-add = Add a variable
path-label = Path
var-label = Variable
pair-name-label = Name
pair-value-label = Value
remove-row = Remove { $what }
run = Run
problems-heading = { $count ->
    [one] One thing is to be corrected
   *[other] { $count } things are to be corrected
}
cmd-unknown = Not defined:
input-known = content known from the source job
input-missing = no file chosen yet
input-choose = Choose the file for { $path }
input-choose-short = Choose
raise-row = Raise { $what }
source-from = Filled from the job
source-filled = The form is filled from the job
differences-heading = { $count ->
    [0] Nothing differs from the source job
    [one] { $count } difference from the source job
   *[other] { $count } differences from the source job
}
difference-what = What
difference-before = Source job
difference-after = This job
content-known = { $size }, sha256 { $digest }…
content-new = { $size }, chosen here
examples-heading = Examples
examples-hint = New here? Begin with a job that runs as it is:
example-search = Search a text
example-plot = Plot a table with Python
example-progress = A loop with progress
example-folder = A folder in, a folder out
example-shutdown = A graceful stop
example-filled = The form is filled with the example: { $name }
drafts-heading = Drafts ({ $count })
draft-untitled = Without a name
draft-delete = Delete the draft { $name }
draft-delete-short = Delete
draft-deleted = The draft is deleted
draft-back = The draft is back as it was left
draft-interrupted = This job was begun and has not come to its end. Press Run to go on; what has arrived is not sent again.
draft-gone = This browser does not hold that draft any more.
input-reread = Allow reading again: { $path }
input-reread-short = Allow reading again
options-label = Further options
options-find = Find an option
group-details = Description, arguments, environment
group-python = Python
group-image = Container image
group-machine = Machine
group-data = Mounts and datasets
group-life = Shutdown and lifetime
id-label = Id
size-label = Size
labels-label = Labels
address-label = Address
host-label = Host
s3-heading = S3 mounts
s3-hint = Buckets the command sees as folders. The variable stands for the folder.
s3-add = Add an S3 mount
datasets-heading = Datasets
datasets-hint = Folders that other jobs have made, read-only.
datasets-add = Add a dataset
output-datasets-heading = Output datasets
output-datasets-hint = Folders the command fills, kept for other jobs. Size as 10Gb; labels as name=value, joined by commas.
output-datasets-add = Add an output dataset
instances-heading = Instance types
instances-hint = The first that is free is taken; without any, the service chooses.
instances-add = Add an instance type
instance-label = Instance type
storage-label = Working storage
storage-hint = Such as 150Gb; at least 100 GB. Empty for the service’s own.
disk-label = Attach the project disk
spark-label = Spark connector
spark-hint = Its id.
python-label = Python environment
python-none = As it is on the machine
python-auto = From the imports of the files
python-manual = As written here
python-version-label = Version
python-version-hint = Such as 3.11. Empty for the service’s own.
program-label = What the program needs
program-reading = Reading the Python files…
program-failed = The Python files could not be read: { $reason }
program-main = Main script: { $path }. It is sent as an input.
program-hint = Drop the program’s folder or its files onto Inputs; their imports are read here, nothing is run.
program-files = { $count ->
    [one] { $count } file at hand for the program
   *[other] { $count } files at hand for the program
}: { $names }
program-to-inputs = Make them inputs
program-locked = The program’s folder was dropped before the reload.
program-refill = Fill in the requirements from the imports
program-added = { $count ->
    [one] { $count } file added to the Python program
   *[other] { $count } files added to the Python program
}
modules-heading = Local modules
modules-hint = Found among the dropped files; the command can import those that are ticked.
packages-heading = { $count ->
    [one] { $count } package is imported
   *[other] { $count } packages are imported
}
package-optional = the program goes on without it; add it below if it is wanted
package-guessed = the package’s name is taken from the module’s
imported-at = imported in { $path }, line { $line }
place-at = { $path }, line { $line }
misread-main = The command runs { $path }, which is not among the files
misread-root = { $path } of the root paths is not among the files
misread-syntax = { $words }
misread-beyond = the relative import { $words } leads out of the package
misread-module = { $words } is not among the files
requirements-file-label = Requirements file
requirements-file-hint = Its path. It is looked for among the dropped files, and fills in the requirements.
requirements-label = Requirements
requirements-hint = One a line, as for pip. They are filled in from the imports as long as nothing else is written here.
roots-heading = Root modules
roots-hint = Scripts that the command starts in a way that is not seen in it; their imports are read too.
roots-add = Add a root module
locals-heading = Local modules
locals-hint = Files and packages of yours that are sent along. Not together with root modules.
locals-add = Add a local module
index-label = Package index
indexes-heading = Further indexes
indexes-hint = Asked besides the first.
indexes-add = Add an index
hosts-heading = Trusted hosts
hosts-hint = Hosts that need no valid certificate.
hosts-add = Add a host
no-deps-label = Install without dependencies
image-label = Container image
image-none = The service’s own
image-by-id = By the id of a resource
image-by-address = By its address
image-id-label = Id of the image
image-address-label = Address of the image
image-address-hint = Such as cr.example/name:tag.
image-username-label = Name for the registry
image-secret-label = Secret with the password
image-secret-hint = The secret’s name; the password itself never stands here.
ttl-label = Keep the files for
ttl-hint = Such as 3d or 12h, from the job’s end. Empty for the service’s own, 14 days.
shutdown-label = Shut down gracefully when cancelled
signal-label = Signal
signal-default = SIGTERM, as usual
timeout-label = Time until the kill
timeout-hint = Such as 1m30s.
config-hint = The same job as a file. Edit either side, the other follows; paste or drop a file you have.
config-save = Download
config-copy = Copy
command-copy = Copy as a command line
link-copy = Copy as a link
config-copied = The file is copied
command-copied = The command line is copied
link-copied = The link is copied; it holds the whole form and small text files
copy-failed = The browser did not allow that
config-imported = { $file } is taken over into the form
inputs-missing = Not among the files yet:
inputs-gathered = { $count ->
    [one] { $count } file was
   *[other] { $count } files were
} put into one folder, because a job has at most 100 inputs. In the command they are files/NAME.
config-not-understood = The form waits until this is mended; nothing of it is lost.
problem-line = line { $line }
misfit-yaml = This is not YAML: { $reason }
misfit-not-a-config = The file must hold keys with values, such as “cmd: python main.py”
misfit-not-text = “{ $key }” must be a text
misfit-not-list = “{ $key }” must be a list: lines that begin with “-”
misfit-not-map = “{ $key }” must hold keys with values
misfit-path-entry = An entry of “{ $key }” is a path, “path: VARIABLE” or “path: {"{"}var: VARIABLE{"}"}”
misfit-missing = “{ $key }” is missing
misfit-choice = “{ $key }” must be one of: { $words }
misfit-password = A password must not stand in the file; name a secret: “password: {"{"}secret-id: NAME{"}"}”
misfit-unknown-key = “{ $key }” is not known and is passed over
misfit-key-repeated = “{ $key }” stands twice; the later one counts

## A Run

run-label = Progress of the submission
run-files = Files
run-cancel = Stop sending
run-cancelled = Stopped; nothing you typed is lost
run-hash-failed = { $file } could not be read. It may have been moved or changed; choose it again.
run-upload-failed = { $file } could not be sent. Press Run to go on where it stopped.
run-pause = Pause
run-resume = Go on
run-is-paused = Paused
run-is-offline = No network. Sending goes on when it is back.
run-retries = The connection broke; trying again
run-file-changed = { $file } is not what it was when it was read. Press Run to read it again.
phase-asking = Your word
send-agree = Send and run
send-speed = { $speed }/s, { $left } left
phase-hashing = Reading the files
phase-creating = Creating the job
phase-sending = Sending files
phase-starting = Starting
file-waiting = waiting
file-hashing = being read
file-hashed = read
file-held = already there
file-sending = being sent
file-sent = arrived, checked
send-no-files = No files to send
send-all-held = { $count ->
    [one] { $count } file, already there: nothing to send
   *[other] { $count } files, all already there: nothing to send
}
send-some = { $count ->
    [one] { $count } file to send, { $size }
   *[other] { $count } files to send, { $size }
}
send-rest = { $count ->
    [one] { $count } file to send, { $size }; already there: { $held }
   *[other] { $count } files to send, { $size }; already there: { $held }
}
send-total = { $sent } of { $size }
run-no-file = The service does not hold { $file } any more. Choose the file and press Run again.
run-program-failed = The Python program could not be read

## A job

job-started = Started
job-finished = Ended
job-data-expires = Files kept until
job-id = Id
progress-label = Progress of the program
progress-unknown = Running; the program reports no progress
forbidden-ended = The job has ended
forbidden-cancelling = The job is being cancelled already
forbidden-runs = The job has not ended
forbidden-data-cleared = The data of the job was deleted
failure-heading = The job failed
failure-code = The command ended with code { $code }
failure-stderr = { $count ->
    [one] The last line of stderr:
   *[other] The last { $count } lines of stderr:
}
outputs-none-declared = No outputs were named for this job.
outputs-none = The command left no outputs.
outputs-later = { $count ->
    [one] { $count } output is expected when the command has ended.
   *[other] { $count } outputs are expected when the command has ended.
}
other-files-heading = Logs to download
file-not-found = { $file } was not made.
file-not-stored = { $file } could not be stored.
download-file = Download { $file }
data-cleared = The files of this job were deleted.
parameters-heading = Parameters
other-parameters-heading = Other parameters
run-again = Run again

## Log

log-heading = Log
log-follow = Follow
log-waiting = Waiting for the first line…
log-empty = The command printed nothing.
log-so-far = { $count ->
    [one] { $count } line so far
   *[other] { $count } lines so far
}
log-complete = { $count ->
    [one] { $count } line, complete
   *[other] { $count } lines, complete
}
log-hidden = { $count ->
    [one] { $count } earlier line is not shown.
   *[other] { $count } earlier lines are not shown.
}
log-hidden-later = When the job has ended, the whole log can be downloaded.

## Connection and errors

connection-lost = The connection to the server is lost. What you see may be old.
connection-retry = { $seconds ->
    [0] Trying again now…
    [one] Trying again in { $seconds } second.
   *[other] Trying again in { $seconds } seconds.
}
error-details = Details
error-unavailable = The server does not answer. Check that it runs, then try again.
error-not-found = There is nothing here: it was deleted, or the address is wrong.
error-invalid = The server does not accept what was sent. The details name the field.
error-precondition = This is not possible in the present state. The details say what is missing.
error-permission = You may not do this. Ask whoever runs the server for the right.
error-unauthenticated = The server does not know you. Sign in again.
error-exhausted = A limit of the server is reached. Wait a little, or ask whoever runs it.
error-unimplemented = This server does not offer this.
error-conflict = Someone else changed the same thing. Reload the page and try again.
error-cancelled = The call was broken off. Try again.
error-internal = The server made a mistake. Try again; if it stays, show the details to whoever runs it.

## Rules

rule-required = Must not be empty
rule-too-long = Is longer than { $max } characters
rule-too-many = Has more than { $max } entries; many files can be dropped as one folder
rule-id = Must be 1 to 50 Latin letters, digits, - or _
rule-nul = Must not contain a NUL character
rule-variable-name = “{ $name }” is not a variable name: use 1 to 50 Latin letters, digits, - or _
rule-variable-reserved = { $name } is reserved; choose another name
rule-variable-repeated = The variable { $name } is used more than once
rule-variable-unknown = { $name } is not defined: give an input, output or argument this variable
rule-project-disk-missing = DS_PROJECT_HOME needs the project disk
rule-env-name = “{ $name }” is not an environment variable name: begin with a letter or _, go on with letters, digits, _
rule-env-repeated = This name is used more than once
rule-path-absolute = Is absolute: make it relative, or give it a variable
rule-path-parent = Leads outside by “..”: make it relative, or give it a variable
rule-path-too-long = The path, or a name in it, is too long
rule-path-repeated = The path { $path } is given twice
rule-name-repeated = The name { $name } is given twice
rule-path-nested = Lies inside { $outer }, which is in the list too
rule-not-in-source = The source job has none named “{ $name }”
rule-sha256 = The file was not read; choose it again
rule-negative = Must not be negative
rule-file-too-large = Is larger than { $max }: a file of this size belongs on an s3 mount or in a dataset
rule-total-too-large = The files are together larger than { $max }: the large ones belong on an s3 mount or in a dataset
rule-resource-id = Must be an id of 20 small Latin letters and digits
rule-size = Must be a size such as 150Gb: a whole number and KB, MB, GB, TB or PB
rule-storage-too-small = Must be at least { $min } GB
rule-duration = Must be a time such as 1d2h3m4s
rule-signal = Must be SIGTERM, SIGINT, SIGHUP, SIGUSR1 or SIGUSR2
rule-python-version = Must be a version such as 3.11
rule-requirement = { $line } is not a requirement such as six==1.16.0; markers, addresses and other files are not understood
rule-main-module = The command runs no Python file that could be seen; name the scripts that it starts under root paths
rule-exclusive = Cannot be given together with { $other }
rule-labels = Must be name=value, several joined by commas
rule-value-missing = The value of { $name } is not in the file: type it here
rule-file-missing = Choose the file for { $path }

## Lengths of time

duration-days = { $days } d { $hours } h
duration-hours = { $hours } h { $minutes } min
duration-minutes = { $minutes } min { $seconds } s
duration-seconds = { $seconds } s
