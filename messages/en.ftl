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
drop-refused = This page takes no files. Nothing was opened or sent.
drop-new-job = The page for a new job takes them
drop-running = The job is being sent: nothing more is taken now.
drop-covered = Nothing was taken: answer the dialog first.
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
link-token-heading = Go on as before?
link-token-text = You are signed in, and the link you opened brings another token. Nothing has changed.
link-token-risk = If somebody else gave you the link, you would work as them: jobs, files and secrets that you send would be theirs to see. Use its token only if you know where the link comes from.
link-token-kept = If you switch, your token stays in this browser, for other tabs.
link-token-gone = If you switch, this tab forgets the token that it has now.
link-token-stay = Go on as before
link-token-switch = Switch to the link’s token
link-token-offer = The link you opened brings a token.
link-token-use = Sign in with the link’s token

## Several servers

servers = Servers
server-current = Server: { $name }
server-own = The server of this page
server-here = shown now
server-forget = Forget
server-forget-label = Forget { $name }
servers-close = Close
server-add-heading = Another server
server-address = Address
server-add = Check and remember
servers-none-allowed = Whoever runs this page’s server has not let its pages call other servers. It would be started with --connect-to and their addresses.
servers-allowed = This page may call: { $urls }.
server-problem-empty = Write the address, such as https://jobs.example.org.
server-problem-address = Must be https:// with a host and perhaps a port, and nothing behind it
server-problem-unencrypted = http:// is for servers on this machine; anywhere else a token could be read on its way. Use https://
server-problem-own = This is the server of this page.
server-problem-not-allowed = The pages of { $own } may not call { $url }. Whoever runs { $own } can start it with --connect-to { $url }.
server-problem-unreachable = { $url } does not answer this page. Either it cannot be reached, or it does not let pages of { $own } call it; a browser does not tell which. Check the address, and that it was started with --allow-origin { $own }.
server-ask-title = Another server
server-ask-text = This address leads to { $url }, a server that this browser does not know.
server-ask-sent = Nothing has been sent to it. If you go on, it learns that you came, and what you do on its pages; tokens of other servers stay here.
server-ask-name = What to call it
server-ask-agree = Remember and open
server-ask-refuse = Do not open
sign-in-server = The token is for { $url } and is sent nowhere else.

## Jobs of a project

jobs-heading = Jobs
jobs-title = Jobs of { $project }
jobs-empty-heading = No jobs yet
project-unknown = There is no project “{ $project }”
project-unknown-hint = The address may be mistyped, or the project is not for you to see. A new project comes into being with its first job.
jobs-empty-text = A job is a command with its files. Write the first one: it takes a minute.
jobs-empty-link = Make the first job
columns-numbers = Final numbers
column-state = State
column-name = Name
column-created = Created
column-duration = Duration
column-size = Size
job-unnamed = Unnamed job

## Managing jobs

column-instance = Instance type
column-author = Author
column-code = Return code
column-expires = Files kept
column-parent = Copied from
columns = Columns
filter-text = Search
filter-text-hint = Name, command, arguments, id, author
filter-states-all = all
filter-states-some = { $count } chosen
filter-any-time = At any time
filter-hour = In the last hour
filter-day = In the last day
filter-week = In the last week
filter-days = On certain days…
filter-from = From
filter-to = To
filter-any-instance = Any
filters-clear = Show all jobs
filters-nothing = No job fits
filters-nothing-text = There are jobs in this project, but the search or a filter leaves all of them out.
filters-nothing-yet = None of the jobs read so far fits; older ones are still being read.
jobs-all = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
}
jobs-some = { $count ->
    [one] { $shown } of { $count } job
   *[other] { $shown } of { $count } jobs
}
jobs-reading = Older ones are still being read…
jobs-newest-only = These are the newest; the rest is not read yet.
jobs-read-rest = Read the rest
jobs-new = { $count ->
    [one] { $count } new job
   *[other] { $count } new jobs
}
select-all = Select all jobs shown
select-job = Select { $name }
note-close = Close
job-deleted-elsewhere = This job was deleted in another window or by somebody else. What is below is what this page knew of it; nothing can be done with it any more.
job-deleted = The job “{ $name }” is deleted.
bulk-label = Selected jobs
bulk-selected = { $count ->
    [one] { $count } job selected
   *[other] { $count } jobs selected
}
bulk-cancel = Cancel…
bulk-keep = Lifetime…
bulk-delete-data = Delete data…
bulk-delete = Delete…
bulk-compare = Compare
bulk-compare-forbidden = Select 2 to 50 jobs to compare them
bulk-clear = Select none
act-no = Do nothing
act-close = Close
act-again = Try the failed ones again
act-cancel = Cancel them
act-cancel-heading = { $count ->
    [one] Cancel { $count } job?
   *[other] Cancel { $count } jobs?
}
act-cancel-text = The programs are stopped at once. What they have written so far is collected.
act-cancel-done = { $count ->
    [one] { $count } job is being cancelled
   *[other] { $count } jobs are being cancelled
}
act-delete = Delete
act-delete-heading = { $count ->
    [one] Delete { $count } job with all it has?
   *[other] Delete { $count } jobs with all they have?
}
act-delete-done = { $count ->
    [one] { $count } job is deleted
   *[other] { $count } jobs are deleted
}
act-data = Delete the data
act-data-heading = { $count ->
    [one] Delete the data of { $count } job?
   *[other] Delete the data of { $count } jobs?
}
act-data-done = { $count ->
    [one] The data of { $count } job is deleted
   *[other] The data of { $count } jobs is deleted
}
act-keep = Set the lifetime
act-keep-heading = { $count ->
    [one] How long is the data of { $count } job to be kept?
   *[other] How long is the data of { $count } jobs to be kept?
}
act-keep-done = { $count ->
    [one] The lifetime of { $count } job is set
   *[other] The lifetime of { $count } jobs is set
}
act-left-out = { $count ->
    [one] { $count } job is left out: { $reason }
   *[other] { $count } jobs are left out: { $reason }
}
act-progress = { $done } of { $count } done
act-progress-label = Progress
act-failed = { $count ->
    [one] It did not work for { $count } job:
   *[other] It did not work for { $count } jobs:
}
act-failed-more = And { $count } more.
keep-label = Lifetime
keep-days = So many days from now:
keep-days-label = Days
keep-forever = Forever
keep-other = Another lifetime…
keep-offer = { $count ->
    [one] { $count } day from now
   *[other] { $count } days from now
}
keep-hint = Then the service drops inputs, outputs and logs; the record stays. A job that still runs keeps its data at least this long after its end.
frees = Frees { $size }.
frees-at-most = Frees at most { $size }.
frees-counting = How much is freed is being counted…
frees-unknown = How much is freed is not known: some of these jobs are not in the list any more.
frees-kept = { $size } stay, because other jobs need the same files.
frees-read = { $count ->
    [one] { $count } job of the project was read so far; older ones may need the same files.
   *[other] { $count } jobs of the project were read so far; older ones may need the same files.
}
breaks-record = The record goes as well: state, times, parameters.
breaks-again = { $count ->
    [one] { $count } job cannot be run again or copied any more.
   *[other] { $count } jobs cannot be run again or copied any more.
}
breaks-files = Inputs, outputs and logs cannot be opened or downloaded any more.
breaks-links = Links that were shared show no files and no log any more.
breaks-not-copies = { $count ->
    [one] { $count } job that was copied from here keeps its files.
   *[other] { $count } jobs that were copied from here keep their files.
}
all-data-open = Delete the data of all jobs…
all-data-heading = Delete the data of all jobs of { $project }
all-data-held = { $count ->
    [one] { $count } job has data, { $size } together.
   *[other] { $count } jobs have data, { $size } together.
}
all-data-reading = The jobs are still being read; the numbers grow.
all-data-breaks = None of the jobs can be run again, copied, opened or downloaded any more; all logs go.
all-data-stays = The records stay: names, states, times, parameters.
all-data-running = { $count ->
    [one] { $count } job of the project has not ended. Wait for it, or cancel it, first.
   *[other] { $count } jobs of the project have not ended. Wait for them, or cancel them, first.
}
all-data-name = To go on, type the project’s name: { $project }
all-data-runs = Deleting…
all-data-done = The data of all jobs is deleted
lifetime-label = Lifetime of the files:
lifetime-menu = Lifetime and deletion
lifetime-from-end = counts from the end
lifetime-forever = kept forever
lifetime-left = expires { $when }
lifetime-over = expires now
lifetime-cleared = data deleted
delete-job = Delete the job…

## States

status-unspecified = Unknown
status-creating = Waiting for files
status-preparing = Preparing
status-executing = Running
status-uploading-output = Collecting outputs
status-success = Done
status-incomplete = Done, outputs missing
status-in-queue = Waiting in the queue
status-error = Failed
status-cancelling = Being cancelled
status-cancelled = Cancelled

## New job

new-job-title = New job
name-label = Name
desc-label = Description
cmd-label = Command
cmd-hint = Run by bash, where the server has it, in a folder that holds the inputs. A variable is written ${"{"}NAME{"}"}.
cmd-variables = Variables:
inputs-heading = Inputs
inputs-hint = Files the command reads. The path is where it finds each one.
inputs-add = Choose files
inputs-drop = or drop them anywhere on this page
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
folder-outputs = { $count ->
    [one] { $count } output
   *[other] { $count } outputs
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
several-values = Several values
several-values-of = Several values of the argument { $name }
further-values = Further values of { $name }, one a line
further-values-hint = { $count ->
    [one] Each value makes a job of its own; all are started in one step and compared afterwards.
   *[other] Each value makes a job of its own. Run makes { $count } jobs and then compares them.
}
rule-too-many-jobs = The values make more than { $max } jobs; leave some of them out.
env-heading = Environment variables
env-hint = Given to the program as its environment.
env-add = Add a variable
path-label = Path
var-label = Variable
pair-name-label = Name
pair-value-label = Value
name-marks = Holds characters that cannot be seen:
remove-row = Remove { $what }
run = Run
run-several = { $count ->
    [one] Run { $count } job
   *[other] Run { $count } jobs
}
problems-heading = { $count ->
    [one] One thing is to be corrected
   *[other] { $count } things are to be corrected
}
cmd-unknown = Not defined:
input-known = content known from the source job
input-missing = no file chosen yet
input-choose = Choose the file for { $path }
input-choose-short = Choose
input-fetch = Open the folder { $path }, as the source job had it
input-fetch-short = Open
file-edit = Edit { $file }
file-edit-short = Edit
file-replace = Replace { $file }
file-replace-short = Replace
file-content = Content of { $file }
file-save = Take this content
file-leave = Leave it as it was
edit-no-text = { $file } is no text in UTF-8 of at most 256 kB: replace it by a file instead.
edit-mixed-ends = The lines of { $file } end in different ways, which this page would make one: replace it by a file instead.
fetched-too-large = It is larger than { $size }.
fetched-unknown = The source job has no such file.
edit-unreadable = { $file } cannot be opened. { $reason }
project-files = At hand for the program, beside the inputs:
project-sent = Sent for the program, beside the inputs:
project-held = The program’s own files are those of the source job.
project-fetch = Open them
field-keeps-cr = It holds carriage returns (CR), which a field of a page cannot keep: edit it in config.yaml, where they are written \r.
field-joined = What was pasted had several lines; this field has one, so they were joined.
options-none = No option is called “{ $wanted }”.
options-set = { $count } set
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
path-without-var = named, without a variable
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
group-interrupted = { $count ->
    [one] One of these jobs has been started. Press Run to go on with the others; the one that runs is not started again.
   *[other] { $count } of these jobs have been started. Press Run to go on with the others; those that run are not started again.
}
draft-done = This is what became a job. It can be changed and run again, as another one. The job:
job-interrupted = Its files are not all sent. This browser still has the draft that sends them.
job-to-draft = Go on with the draft
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
program-no-packages = It needs no package beyond Python’s own library.
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
package-rival = dropped, and called the same: tick it if the program means this one
packages-declared = { $count ->
    [one] { $path } asks for { $count } package; it counts more than imports.
   *[other] { $path } asks for { $count } packages; it counts more than imports.
}
doubtful-heading = May be meant
doubtful-hint = Not installed unless you tick it: a stranger’s package may have this name.
lost-hash = “{ $written }”: hashes and options of a line are not sent, the version is.
lost-local = “{ $written }” names a place on a machine; send its folder as a local module.
lost-option = “{ $written }”: this option is not sent.
lost-missing = “{ $written }”: the file is not among the files, or could not be read.
lost-constraint = “{ $written }” is not kept: the package is not required itself.
lost-unclear = “{ $written }” is not understood.
unseen-heading = What imports do not show
unseen-import = a module is imported by a name that is made while the program runs:
unseen-program = another program is started:
unseen-code = the code of a file is run:
unseen-file = a file is named that is at hand and not sent:
unseen-path = modules are looked for in a folder that is known only while the program runs:
unseen-install = packages are installed:
unseen-opaque = what this module needs itself cannot be read:
unseen-add = Add { $what }
imported-at-cell = imported in { $path }, cell { $cell }, line { $line }
place-at-cell = { $path }, cell { $cell }, line { $line }
misread-unread = { $path } could not be read; what it needs is not known
misread-machine = { $path } is compiled for another system or another Python
misread-encoding = The file is not UTF-8 and does not name its encoding; Python will refuse it
misread-too-deep = The file is nested too deeply to be read whole; what the rest needs is not known
imported-at = imported in { $path }, line { $line }
place-at = { $path }, line { $line }
misread-main = The command runs { $path }, which is not among the files
misread-root = { $path } of the root paths is not among the files
misread-syntax = Python cannot read this line ({ $words })
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
configs-heading = Which configuration is it?
configs-found = { $count } configurations found: choose one
configs-as-files = Take all as files
take-back = Take back
inputs-served = { $count ->
    [one] { $count } input found
   *[other] { $count } inputs found
}
inputs-replaced = Taken in place of what the job had: { $paths }
inputs-absorbed = { $count ->
    [one] { $count } file put into the working directory
   *[other] { $count } files put into the working directory
}
contents-label = Its contents are the working directory, without the folder itself
offer-programs = Begin with a program of { $folder }:
offer-programs-nameless = Begin with a program:
offer-notebook = { $file } is a notebook, which has cells and no beginning: save it as a .py file, or run it with jupyter nbconvert --to notebook --execute.
offer-unread = { $file } names packages in a way that is not read here. Write those that the program needs under Python, or put a requirements.txt beside it.
meet-in-folder = { $count ->
    [one] { $paths } is not where the command looks for it; the folder { $folder } has it.
   *[other] { $paths } are not where the command looks for them; the folder { $folder } has them.
}
meet-at-hand = { $count ->
    [one] { $paths } is at hand, but not among the inputs that the command finds.
   *[other] { $paths } are at hand, but not among the inputs that the command finds.
}
meet-lay = Make the contents of { $folder } the working directory
meet-lay-project = Make the dropped folder the working directory
meet-enter = Begin the command in { $folder }
meet-add = { $count ->
    [one] Make it an input
   *[other] Make them inputs
}
offer-packages = { $file } names packages, and nothing installs them yet.
offer-packages-take = Install them
offer-done = The command is now:
offer-done-packages = Packages and versions are those of { $file }; they stand under Python.
offer-left-out = Not taken from it, because a job cannot say it: { $lines }
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
misfit-edge-blank = “{ $text }” begins or ends with a blank, which would count: take it away
misfit-variable-missing = A variable is missing behind “{ $path }:”
misfit-entry-missing = An entry of “{ $key }” is empty
misfit-below-one-dash = “{ $key }” is passed over: below one dash only the first name counts; give it a dash of its own
misfit-merge = “<<” brings in nothing here and is passed over: write the entries out
misfit-holds-nothing = “{ $key }” holds no keys with values and is passed over
misfit-not-beside = “{ $key }” is passed over beside “{ $other }”
misfit-not-true = “{ $key }” is on only as “true”; written so, it is off
misfit-whole-folder = An empty entry of “{ $key }” stands for the whole folder
misfit-empty-entry = An empty entry of “{ $key }” is passed over
flaw-unprintable = the character { $code } must not stand in the file; in double quotes it can be written as an escape
flaw-tab = a tab stands where only spaces may
flaw-beginning = nothing can begin with “{ $letter }”: put the text in quotes
flaw-colon-missing = “:” is missing behind the key, or the line is indented too little to belong to the text above
flaw-entry-not-here = a list entry cannot stand here: give it a line of its own
flaw-key-not-here = a key cannot stand here: give it a line of its own, or put the text in quotes
flaw-value-not-here = “: ” cannot stand here: put the text in quotes, or mend the indentation
flaw-indentation = the line fits nothing above it: mend the indentation, or put the text in quotes
flaw-content-missing = a value is missing before this
flaw-not-closed = “,” or “{ $bracket }” is missing
flaw-quote-not-closed = the quote { $quote } that begins here is not closed
flaw-escape = “\{ $letter }” means nothing in double quotes: write “\\” for a backslash, or use single quotes
flaw-escape-number = “\{ $letter }” in double quotes wants { $digits } hexadecimal digits that name a character
flaw-surrogate = “\u” names half a character, which cannot be sent: write the character itself
flaw-block-header = behind “|” or “>” only “+”, “-”, a digit from 1 to 9 and a comment may stand
flaw-anchor-name = “{ $sign }” must be followed by a name of Latin letters, digits, “-”, “_”: put a text that begins so in quotes
flaw-anchor-repeated = “&{ $name }” stands twice
flaw-alias-unknown = “*{ $name }” stands for nothing: there is no “&{ $name }” above it
flaw-alias-within = “*{ $name }” stands within what it stands for
flaw-tag = “!” begins no tag here: put a text that begins so in quotes
flaw-tag-handle = the prefix “{ $handle }” of the tag is not known
flaw-directive = this line with “%” is no directive of YAML 1, or lacks “---” below it
flaw-documents = the file holds more than one document: remove “---” and what is not wanted
flaw-key-not-text = a key must be a text: put it in quotes
flaw-too-deep = the file is nested too deeply
flaw-too-many = the file holds too many values

## A Run

run-label = Progress of the submission
run-cancel = Stop sending
run-turn = Job { $number } of { $count }: { $label }
run-cancelled = Stopped; nothing you typed is lost
run-hash-failed = { $file } could not be read. It may have been moved or changed; choose it again.
run-upload-failed = { $file } could not be sent. Press Run to go on where it stopped.
run-upload-between = { $file } could not be sent.
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
send-all-held = All is already there, nothing to send: { $held }
send-folders = { $count ->
    [one] { $count } folder
   *[other] { $count } folders
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
unnamed-heading = Not named as outputs
unnamed-hint = The command made these files, and no output names them. What is kept, or downloaded, becomes an output of the job.
unnamed-until = The others are gone after
unnamed-keep = Keep
unnamed-keep-file = Keep { $file }
unnamed-keep-all = { $count ->
    [one] Keep { $count } file
   *[other] Keep all { $count } files
}
unnamed-fetch = Download
unnamed-fetch-file = Download { $file } and keep it
unnamed-kept = Kept as an output
unnamed-show-all = { $count ->
    [one] Show { $count } more file
   *[other] Show { $count } more files
}
unnamed-more = { $count ->
    [one] { $count } more file ({ $size }) is not listed; to have it, name its folder as an output and run the job again.
   *[other] { $count } more files ({ $size }) are not listed; to have them, name their folder as an output and run the job again.
}
unnamed-passed = { $count ->
    [one] { $count } file of caches and environments ({ $size }) is left out.
   *[other] { $count } files of caches and environments ({ $size }) are left out.
}
file-not-stored = { $file } could not be stored.
file-holds = It holds { $size }, holes counted.
file-holds-more = It holds more than { $size }, holes counted.
file-limit-of-disk = The server’s disk has room for { $most }: make it smaller, or have space freed there, and run the job again.
file-limit-of-job = The job has { $most } of storage: make it smaller, or ask for more under “Working storage”.
download-saved-as = Saved as { $file }: what cannot be seen in its name was left out.
download-file = Download { $file }
data-cleared = The files of this job were deleted.
parameters-heading = Parameters
other-parameters-heading = Other parameters
run-again = Run again

## State of a job

waiting-next = Next in the queue: it begins as soon as there is room.
waiting-place = { $before ->
    [one] Place { $place } in the queue: one job comes before it.
   *[other] Place { $place } in the queue: { $before } jobs come before it.
}
waiting-queue = Waiting for its turn in the queue.
waiting-unknown = The service does not say what it waits for.
cancelled-because = Reason: { $reason }
progress-of-log = read from the log
progress-left = about { $duration } left
progress-left-unknown = time left: not known yet
progress-curve = Progress over time, { $count } samples
progress-curve-hint = Progress over time, since this page was opened
timeline-heading = Timeline
timeline-files = Files
timeline-queue = Queue
timeline-environment = Environment
timeline-run = Run
timeline-outputs = Outputs
timeline-short = under 1 s
timeline-joined = Where two names stand together, the service does not tell when the one ended and the other began.
failure-in-command = It failed in the command, after { $duration }.
failure-in-outputs = The command did its part; storing the outputs failed, { $duration } after the start.
failure-in-preparation = It failed before the command began, after { $duration }.
failure-in-run = It was lost while the command ran, after { $duration }.
failure-missing = { $count ->
    [one] One output is missing:
   *[other] { $count } outputs are missing:
}
failure-reason = { $count ->
    [one] What the log says of the reason:
   *[other] What the log says of the reason, and what that came of:
}
failure-reason-label = Lines that tell the reason
failure-stderr-label = Last lines of stderr
failure-stdout = { $count ->
    [one] The last line of stdout:
   *[other] The last { $count } lines of stdout:
}
failure-stdout-label = Last lines of stdout
service-turn = The turn of the job has come
service-begun = The command has begun as process { $process }
service-ended = The command has ended with { $code } after { $seconds } s
service-signal = Cancelled: signal { $signal } is sent
service-killed = Cancelled: the command is killed
service-overdue = The time is over: the command is killed
service-environment-kept = The environment { $name } is kept from an earlier job
service-environment-ready = The environment { $name } is ready
service-directory-ready = The working directory is ready; inputs: { $inputs }
service-variable-reserved = The variable { $name } has the server’s value, not the one the job gives it
service-variable-secret = The variable { $name } has the value of the project’s secret, not the one the job gives it
service-image-there = The image { $name } is there
service-dataset-kept = The output dataset “{ $name }” is kept as { $dataset }
service-left-processes = The command left processes in the background, which were ended with it: { $processes } (“wait” waits for them)
service-waits-for-files = Waiting for the files and for Execute
service-preparing = Preparing the working directory
service-building = Building the environment: { $how }
service-build-begun = Building the environment { $name }: { $how } ({ $build })
service-installed = Installed: { $packages }
service-modules-kept = Local modules have files where inputs, or modules before them, have others, which stay as they are: { $files }
service-getting-image-by = Getting the image { $image } by { $program }
service-getting-image = Getting the image { $image }
service-fetching-of = Fetching { $what }: { $loaded } of { $all } MB
service-fetching = Fetching { $what }: { $loaded } MB
service-variables-lost = Variables of such names do not reach programs here, because no shell but bash hands them on, and a container takes none with other signs than “-” and “.”: { $names }
service-running = The command is running
service-time-limit = The command ran longer than the { $seconds } s of its instance type and was ended; choose one with more time
service-memory-limit = The command used more than the { $mib } MiB of memory of its instance type and was ended; choose one with more
service-storage-limit = The command filled more than the { $mib } MiB of its working storage and was ended; ask for more in “extended_working_storage”
service-ended-by-signal = The command was ended by signal { $signal }
service-progress-ignored = { $count } of the { $all } lines in { $file } were not understood and ignored, line { $first } first; a line is a JSON object such as { $example }
service-stray-option = Line { $line } of the command begins with “{ $option }”, which the shell took for a program. End the line before with a backslash, or, below “cmd: >” in a configuration, indent all lines alike
service-collecting = Collecting the outputs
service-left-out = Left out of the output “{ $output }”, because only files and folders that can be read can be stored, and links to those of the job that do not lead into themselves: { $what }
service-renamed = Names in the output “{ $output }” that are no UTF-8 text, their bytes are written as numbers: { $what }
service-dataset-too-large = Output dataset “{ $name }” holds { $bytes } bytes, more than its size of { $gb } GB; nothing of it is kept: ask for more
service-dataset-removed = The command has removed the folder of output dataset “{ $name }”
service-dataset-not-kept = Output dataset “{ $name }” cannot be kept: { $reason }
service-output-leads-out = It is a link that leads out of the job’s folders, to “{ $target }”; let the command copy what is there
service-output-link-broken = It is a link to “{ $target }”, which cannot be followed: nothing is there
service-output-link-closed = It is a link to “{ $target }”, which cannot be followed: { $reason }
service-output-no-file = It is a pipe, a socket or a device; only files and folders can be stored
service-output-replaced = There is something else in its place by now: a link, a pipe or a folder
service-output-closed = It could not be stored: the command has closed this folder to its own user; let it open the folder (chmod u+rwx) before it ends
service-output-not-stored = It could not be stored: { $reason }
service-environment-cut-off = The environment was cut off { $times } times while it was built; run the job again
service-environment-not-built = The environment cannot be built ({ $how }): { $reason }
service-environment-absent = The environment cannot be built: { $reason }
service-environment-failed = The environment cannot be prepared: { $reason }
service-no-container = The command cannot be run in a container: { $reason }
service-image-secret = The image { $image } cannot be had: the project has no secret “{ $name }”; its operator sets it with “jobsphere-server secret set”
service-image-absent = The image { $image } cannot be had: { $reason }
service-image-unknown = this server has no image “{ $id }”: its operator gives the id an address under “[environments.images]” in the operator’s file (config.toml)
service-image-address = “{ $address }” is not the address of an image, such as python:3.11
service-directory-failed = The working directory cannot be prepared: { $reason }
service-mount-unknown = this server has no s3 mount “{ $id }”: its operator gives the id a folder of this machine under “[s3_mounts]” in the operator’s file (config.toml)
service-dataset-gone = dataset “{ $id }” was removed since the job was created; create it again with another
service-build-too-long = it was ended after { $seconds } s, the limit of this server
service-build-too-large = it took more memory than this server allows for a build (“build_memory_gb”), and was ended
service-build-ended = it was ended from outside
service-shell-failed = the shell cannot be started: { $reason }
service-disk-full = The log could not be written, and the command was ended: the disk of the server is full: free some space and run the job again
service-log-failed = The log could not be written, and the command was ended: { $reason }
service-lost = What ran the command was lost (the machine was restarted, or the process was killed). The command was not started again, because it may have done part of its work; run the job again.
service-server-failed = The server could not run the job: { $reason }
code-general = This code stands for any error; the program’s own words say which.
code-silent = This code stands for any error, and the program said nothing.
code-timed-out = The time that timeout gave it was over.
code-permission = The file may not be run as a program: start it by what runs it, such as bash FILE, or make it executable.
code-interpreter = The first line of the script names a program that is not there; often the file has the line ends of Windows.
code-usage = This code usually means that the program did not understand its arguments.
code-not-executable = The command was found but cannot be run: it is a folder, or made for another machine.
code-not-found = There is no such command. Check its name, and that it is installed where the job runs.
code-signal = It was ended by { $signal }.
code-killed = It was killed by SIGKILL; most often the memory was not enough.
code-segfault = It was ended by SIGSEGV: the program reached for memory that is not its own.
cancel-heading = Cancel this job?
cancel-graceful = { $signal } is sent to the program. It has { $duration } to end, then it is killed.
cancel-graceful-endless = { $signal } is sent to the program, which may take its time to end.
cancel-kill = The program is killed at once: the job has no graceful shutdown.
cancel-before = The command has not begun, so nothing of it is lost.
cancel-keeps = What it has written until then is kept.
cancel-reason-label = Reason, if you like
cancel-gracefully = Cancel gracefully
cancel-kill-now = Kill now
cancel-take-out = Cancel the job
cancel-keep-running = Keep it running
cancelling-asked = { $signal } was sent to the program.
cancelling-killed = The program is being killed; what it wrote is collected.
cancelling-unknown = The service was asked to end the job.
cancelling-seconds = { $seconds ->
    [0] It is killed now.
    [one] It is killed in { $seconds } second, unless it ends before.
   *[other] It is killed in { $seconds } seconds, unless it ends before.
}
cancelling-endless = It has as long as it needs.
notice-ask = Tell me when it ends
notice-wanted = A notice comes when the job ends, as long as this tab is open.
notice-denied = The browser does not allow notices from this page. Allow them in the settings of the page, at the left end of the address bar, then press again.
notice-missing = This browser shows no notices for this page: it needs an encrypted connection, and on a phone an installed app.
notice-failed = The browser did not show the notice.
notice-done = Done, after { $duration }
print-log = The lines of the log are not printed; they can be saved from the page.
print-frame = This document is not printed with the page; download it and print it by itself.
print-more = { $count ->
    [one] { $count } more is not listed.
   *[other] { $count } more are not listed.
}
print-left-out = Not on this paper: the lines of the log, and what is in the outputs, but for one that was open.
print-source = { $address }, printed { $time }
## Outputs of a job

preview-file = Look into { $file }
preview-of = { $file }
preview-close = Close
preview-extent = The first { $read } of { $size } are shown.
preview-more = Read { $size }
preview-whole = Load all of it, { $size }
preview-too-large = It is too large to be shown here. Download it.
preview-empty = The file is empty.
preview-mark = The file is empty but for a mark that names its encoding.
preview-blank = There is nothing in the file but blanks and ends of lines.
preview-absent = { $file } is not found among the outputs.
read-as = Read as { $encoding }.
read-guessed = Read as { $encoding }, guessed from its letters.
read-cells = Cells are cut at: { $mark }.
read-faults = Some bytes stand for no letter in this encoding; � is shown in their place.
reading-encoding = Encoding
reading-find = find it out
reading-found = { $name }, found out
reading-cells = Cut cells at
cells-comma = commas
cells-semicolon = semicolons
cells-tab = tabs
cells-bar = vertical bars
cells-blanks = blanks
cells-uncut = nothing: show it as text
preview-binary = Files of this kind are not shown. Download it.
preview-document = Document
preview-html = Shown without its scripts, styles and anything from the network.
document-picture = picture at { $address }, not loaded
document-picture-waiting = picture { $address } is being loaded
document-picture-missing = picture { $address } is not among the outputs
document-picture-large = picture { $address } of { $size } is too large to be shown here; open it by itself
content-unreadable = The content could not be read.
digest-copy = Copy
digest-copied = The SHA-256 is copied
use-as-input = Use as input
use-as-input-of = Use as input of a new job: { $file }
folder-as-zip = folder as ZIP, { $size }
archive-empty = There are no files in it.
archive-too-many = It has more than { $count } entries; download it.
entry-too-large = Only with the whole folder
file-nearest = The nearest name is { $file }.
log-not-found = There is no log { $file }.
download-all = { $count ->
    [one] Download { $count } output as ZIP, { $size }
   *[other] Download all { $count } outputs as one ZIP, { $size }
}
archive-stop = Stop
archive-progress-label = Progress of the ZIP
archive-progress = { $done } of { $total }
archive-failed = There is no ZIP: it could not be written.
archive-done = { $count ->
    [one] The ZIP holds { $count } output, checked.
   *[other] The ZIP holds { $count } outputs, each checked.
}
archive-renamed = { $count ->
    [one] { $count } name in the ZIP holds “_” for what cannot be seen in it.
   *[other] { $count } names in the ZIP hold “_” for what cannot be seen in them.
}
archive-missing = { $count ->
    [one] { $count } is not in it, see { $file } inside:
   *[other] { $count } are not in it, see { $file } inside:
}
table-label = Table
table-uneven = { $count ->
    [one] { $count } row has more or fewer cells than there are columns.
   *[other] { $count } rows have more or fewer cells than there are columns.
}
table-unsure = Treated as words, because its numbers can be read in two ways: { $columns }
table-column = Column { $number }
table-rows = { $total ->
    [one] { $shown } of { $total } row
   *[other] { $shown } of { $total } rows
}
table-rows-read = { $total ->
    [one] { $shown } of { $total } row read so far
   *[other] { $shown } of { $total } rows read so far
}
table-columns-hidden = { $count ->
    [one] { $count } more column is not shown.
   *[other] { $count } more columns are not shown.
}
table-more = { $count ->
    [one] Show { $count } more row
   *[other] Show { $count } more rows
}
plot-heading = Plot a column
plot-y = Values
plot-x = Over
plot-row = the number of the row
plot-gaps = { $count ->
    [one] { $count } cell without a number is left out.
   *[other] { $count } cells without a number are left out.
}
plot-partial = Only the rows read so far count.
plot-said = { $column }: { $count ->
    [one] { $count } number
   *[other] { $count } numbers
} from { $min } to { $max }, mean { $mean }
input-taken = { $count ->
    [one] { $count } output is an input now; nothing is sent for it
   *[other] { $count } outputs are inputs now; nothing is sent for them
}
input-gone = { $file } cannot be an input: the service holds it no longer.
input-to-draft = Put it into the draft you were writing

## Log

log-heading = Log
log-follow = To the end
log-below = { $count ->
    [one] { $count } new line below
   *[other] { $count } new lines below
}
log-not-begun = The log begins with the job.
log-connecting = Asking for the log…
log-waiting = Waiting for the first line…
log-held-back = The server answers, but something between here and the server, such as a proxy, holds the log back: lines come late, or only at the end of the job. Whoever runs the proxy can turn its buffering off.
log-empty = The command printed nothing.
log-so-far = { $count ->
    [one] { $count } line so far
   *[other] { $count } lines so far
}
log-ahead = { $count ->
    [one] The end; before it { $count } line read so far
   *[other] The end; before it { $count } lines read so far
}
log-complete = { $count ->
    [one] { $count } line, complete
   *[other] { $count } lines, complete
}
log-full = { $count ->
    [one] { $count } line; the browser has no room to keep more
   *[other] { $count } lines; the browser has no room to keep more
}
log-broken-off = { $count ->
    [one] { $count } line was read
   *[other] { $count } lines were read
}
log-lost = { $seconds ->
    [0] The connection is lost. Trying again now…
    [one] The connection is lost. Next try in { $seconds } second
   *[other] The connection is lost. Next try in { $seconds } seconds
}
log-retry = Retry now
log-try-again = Try again
log-sources = Sources
log-filtered = { $count ->
    [one] { $rows } rows shown of { $count } line
   *[other] { $rows } rows shown of { $count } lines
}
log-filtered-none = { $count ->
    [one] 0 of { $count } line match
   *[other] 0 of { $count } lines match
}
log-show-all = Show all lines
log-note-close = Close
log-find-label = Find in the whole log
log-find-case = Capital letters matter
log-find-regex = Regular expression
log-find-previous = Previous match
log-find-next = Next match
log-match-of = { $rank } of { $count }
log-matches = { $count ->
    [one] { $count } line matches
   *[other] { $count } lines match
}
log-matches-none = { $lines ->
    [one] 0 of { $lines } line match
   *[other] 0 of { $lines } lines match
}
log-matches-so-far = { $count ->
    [one] { $count } line matches; { $share } searched
   *[other] { $count } lines match; { $share } searched
}
log-only-label = Which lines are shown
log-only-off = All lines
log-only = { $count ->
    [0] Only matches
    [one] Matches and { $count } line around
   *[other] Matches and { $count } lines around
}
log-skipped = ⋯ { $count }
log-binary = not text
log-group = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
log-states = { $count ->
    [one] { $count } state before
   *[other] { $count } states before
}
log-cut = … { $size } more
log-next-error = { $count ->
    [one] { $count } error
   *[other] { $count } errors
}
log-previous-error = Previous error
log-times-label = Times
log-times-off = No times
log-times-clock = Time of day
log-times-start = Since the start
log-times-gap = Gap before
log-wrap = Wrap
log-tall = Full height
log-take = Copy, save
log-more = More
log-history = All states of moving lines
log-aloud = Say aloud what comes
log-keys = Keys
log-copy-heading = Copy
log-copy-link = Copy the link
log-copy-all = Copy all lines
log-copy-marked = Copy the marked lines
log-report-all = Copy all for a bug report
log-report-marked = Copy the marked lines for a bug report
log-open-text = Open as plain text
log-save-heading = Save
log-save-plain = As text, { $size }
log-save-gzip = Compressed, from { $size }
log-save-json = As JSON lines with times, from { $size }
log-save-source = { $source } byte for byte, { $size }
log-saved = { $name } was saved.
log-not-saved = The log could not be saved. { $error }
log-copied = { $count ->
    [one] { $count } line was copied.
   *[other] { $count } lines were copied.
}
log-left-out = { $count ->
    [one] { $count } line was left out: the text grew too long.
   *[other] { $count } lines were left out: the text grew too long.
}
log-link-copied = The link was copied.
log-tab-refused = The browser did not open another tab.
log-no-such-place = The log has no such place.
log-new-lines = { $count ->
    [one] { $count } new line
   *[other] { $count } new lines
}
log-new-errors = { $count ->
    [one] { $count } error
   *[other] { $count } errors
}
log-keys-heading = Keys of the log
log-keys-hint = They do something while the focus is not in a field.
log-keys-on = Single keys are on
log-keys-close = Close
log-key-find = find
log-key-matches = next match, previous match
log-key-errors = next error, previous error
log-key-ends = first line, follow the end
log-key-mark = mark the line below, above
log-key-draw-out = draw the mark out down, up
log-key-copy-link = copy the link to what is marked
log-key-times = change the times
log-key-wrap = wrap long lines
log-key-tall = full height
log-key-sheet = this sheet

## Runs of a job, and jobs side by side

change-added = { $after } (was not there)
change-removed = no longer there (was { $before })
change-replaced = { $before } → { $after }
lineage-heading = Runs of this job
lineage-looking = Looking for runs; { $count ->
    [one] { $count } job
   *[other] { $count } jobs
} of the project seen so far
lineage-alone = It was not cloned from another job, and no job was cloned from it.
lineage-cut = Only the newest { $count } jobs of the project were looked through; older runs may be missing.
lineage-all = Show all { $count } runs
lineage-compare-all = Compare these runs
lineage-compare = Compare with this
lineage-compare-label = Compare with this: run { $number }
lineage-this = this job
lineage-changed = Changed from run { $number }:
lineage-unchanged = Same as run { $number }
lineage-more = { $count ->
    [one] and { $count } more change
   *[other] and { $count } more changes
}
lineage-orphan = The job it was cloned from is not there any more, or is not yours to see.
compare-title = Compare jobs
compare-jobs = Compared jobs
compare-jobs-count = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
}
compare-runs-heading = Parameters and final numbers
compare-runs-left-out = { $count ->
    [one] One more name was printed; its curve is below.
   *[other] { $count } more names were printed; their curves are below.
}
compare-beside = Differences one by one are shown for the first { $count } jobs. To see those of others, remove some above.
compare-too-few = Add a second job to see what differs.
compare-is-base = the others are compared with it
compare-make-base = Compare with this
compare-make-base-label = Compare with this: job { $letter }
compare-remove = Remove
compare-remove-label = Remove job { $letter }
compare-add = Add a job
compare-offer = From the project
compare-choose = Choose a job
compare-related = Runs of the same job
compare-latest = Latest jobs
compare-id = Id or address of a job
compare-add-id = Add
compare-pair = { $other } against { $first }
compare-verdict-heading = In short
compare-group-result = State and result
compare-group-outputs = Outputs
compare-group-environment = Python, packages, image
compare-group-about = Name and description
compare-return-code = Return code
compare-waited = Until the start
compare-ran = Run time
compare-differs-heading = What differs
compare-all-heading = Everything
compare-show-all = Show also what is the same ({ $count })
compare-nothing-differs = Nothing that is recorded differs.
compare-same = same
compare-same-bytes = same bytes
compare-other-bytes = other bytes
compare-only-here = not in A
compare-not-made = was not made
compare-log-heading = First differing line of the log
compare-log-ignore = Pass over times and numbers
compare-log-waiting = { $stream }: not read yet.
compare-log-reading = { $stream } is being read; the same so far: { $count ->
    [one] { $count } line
   *[other] { $count } lines
}.
compare-log-same = { $stream } is identical up to the end: { $count ->
    [one] { $count } line
   *[other] { $count } lines
}.
compare-log-same-bytes = { $stream } is identical up to the end: the stored files are the same bytes.
compare-log-empty = { $stream } is empty in both.
compare-log-parts = { $stream } differs from line { $number }.
compare-log-gone = { $stream } cannot be compared: the data of { $letter } was deleted.
compare-log-failed = { $stream } of { $letter } cannot be read.
compare-log-open = Open in the log
compare-log-open-label = Open in the log of { $letter }
compare-log-ended = the log ends here
compare-curves-heading = Curves
compare-curves-hint = Time counts from the start of each run. Point at a moment, or move to it with the arrow keys, to see the values there.
compare-curves-hint-place = Point at a place, or move to it with the arrow keys, to see the values there. A value holds until the run tells the next one.
compare-curves-job = Job
compare-curves-last = Last
compare-curves-at = At { $time }
compare-curves-low = Lowest
compare-curves-high = Highest
compare-curves-none = No two of the logs have numbers of the same name.
compare-curves-same = Same values from start to end: { $names }.
compare-curves-only = Only { $letter } printed: { $names }.
compare-curves-waiting = The log of { $letter } is read next.
compare-curves-reading = The log of { $letter } is being read: { $size } so far.
compare-curves-following = { $letter } goes on, and its curves grow with it.
compare-curves-lost = The log of { $letter } cannot be reached just now; it is tried again.
compare-curves-gone = { $letter } has no curves: its log is not there any more.
compare-curves-failed = The log of { $letter } cannot be read.
compare-curves-cut = The log of { $letter } could be read only in part: { $size }.
verdict-inputs = Inputs differ: { $names }.
verdict-command = The command differs.
verdict-arguments = Arguments differ: { $names }.
verdict-environment = The environment differs: { $names }.
verdict-variables = Environment variables differ: { $names }.
verdict-machine = The machine differs: { $names }.
verdict-other = Other parameters differ: { $names }.
verdict-same-input = What went in is the same: command, arguments, inputs, environment.
verdict-then = Then { $sentence }
verdict-same-log = The logs are identical.
verdict-status = { $first }: { $own }. { $other }: { $theirs }.
verdict-outputs = Outputs differ: { $names }.
verdict-same-outputs = Same bytes in both: { $names }.
verdict-unsteady = So the program itself gives something else from run to run: by chance, by the time of day, or by what it fetches from elsewhere.
verdict-more = { $names } and { $count } more

## Connection and errors

connection-lost = The connection to the server is lost. What you see may be old.
connection-retry = { $seconds ->
    [0] Trying again now…
    [one] Trying again in { $seconds } second.
   *[other] Trying again in { $seconds } seconds.
}
between-unnamed = Something
between-size = { $server } stands between here and the server and refuses requests of this size (HTTP 413). Whoever runs it can raise its limit; in nginx that is client_max_body_size.
between-other = { $server } stands between here and the server and answered in the server’s place (HTTP { $status }). Whoever runs it can say why.
error-details = Details
error-unavailable = The server does not answer. Check that it runs, then try again.
error-not-found = There is nothing here: it was deleted, the address is wrong, or it is not for you to see.
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
rule-too-many = Has more than { $max } entries
rule-too-many-inputs = There are more than { $max } inputs: drop the folder that holds them as one input
rule-too-many-outputs = There are more than { $max } outputs: let the command write them into a folder, and name the folder as one output
rule-id = Must be 1 to 50 Latin letters, digits, - or _
rule-nul = Must not contain a NUL character
rule-variable-name = “{ $name }” is not a variable name: use 1 to 50 Latin letters, digits, - or _
rule-variable-reserved = { $name } is reserved; choose another name
rule-variable-repeated = The variable { $name } is used more than once
rule-variable-unknown = { $name } is not defined: give an input, output or argument this variable, or write { $shell } for one of the shell
rule-not-a-variable = { $text } is no variable of the job: the shell’s own are written $NAME, and what only braces can say belongs into a script that the command runs
rule-project-disk-missing = DS_PROJECT_HOME needs the project disk
rule-env-name = “{ $name }” is not an environment variable name: it must have no “=”, blanks or control characters
rule-env-repeated = This name is used more than once
rule-path-absolute = Is absolute: make it relative, or give it a variable
rule-path-parent = Leads outside by “..”: make it relative, or give it a variable
rule-path-names-nothing = Names no file or folder: give the path of one
rule-output-is-working-directory = This is the working directory itself, with all inputs in it: name the files or folders that the command makes
rule-output-in-file = Lies inside the input “{ $input }”, which is a file
rule-env-too-large = The variables are together larger than { $max }: put the large ones into input files
rule-filled-too-long = Longer than { $max } bytes once its variables are put in: put a part of it into an input file
rule-variable-misplaced = Line { $line } uses “{ $name }” where its path, which has blanks, quotes or other letters that the shell reads, cannot be written: give the file a plain name, or use the variable as a word of its own
rule-path-too-long = The path, or a name in it, is too long
rule-path-repeated = The path { $path } is given twice
rule-name-repeated = The name { $name } is given twice
rule-path-nested = Lies inside { $outer }, which is in the list too
rule-not-in-source = The source job has none named “{ $name }”
rule-sha256 = The file was not read; choose it again
rule-negative = Must not be negative
rule-too-large = Must be at most { $max }
rule-nanos = Must be a whole number of nanoseconds below a second
rule-request-too-large = The texts of the job are together larger than { $max }: the large ones belong into input files
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

## Curves of a run
charts-heading = Measurements
charts-choose = Curves to show
charts-hint = Point at a curve to see that moment in all of them; click it, or press Enter, to see the log at that moment.
axis-choose = What the curves run over
axis-time = Time
axis-step = Step
axis-epoch = Epoch
axis-log = Log scale
axis-at-step = step { $number }
axis-at-epoch = epoch { $number }
axis-left-out = Values of 0 and below have no place on a log scale: the curve is broken there.
series-cpu = CPU
series-memory = Memory
series-disk-read = Disk reads
series-disk-write = Disk writes
series-network-receive = Network in (whole machine)
series-network-send = Network out (whole machine)
series-gpu-use = Use
series-gpu-memory-total = Memory in all
series-temperature = Temperature
series-power = Power
series-processes = Processes
series-other = Other
series-of-gpu = GPU { $gpu }: { $series }
value-per-second = { $value }/s
value-celsius = { $value } °C
value-watts = { $value } W
## Sharing
nav-shares = Links
share = Share
share-title = Share this job
share-intro = A link shows this job, read-only, to whoever has it: no account is needed. It shows what is ticked here and nothing else, live while the job runs.
share-parts = What the link shows
share-parts-hint = Name and state are always shown.
share-log = The log
share-parameters = The parameters: command, arguments, inputs by name and hash
share-env-values = Values of environment variables
share-env-values-hint = Only the names of the others are shown.
share-outputs = Outputs
share-outputs-hint = They are given as they are; pictures and tables among them are shown.
share-public = What is seen without the secret
share-public-hint = Pages that show a preview or a badge know only the link’s address, not its secret.
share-preview = A preview of the link may tell name and state
share-badge = There is a badge with name and state
share-embed = Other pages may show the job in a frame
share-expiry = The link is good for
share-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
share-hidden = Also hide these texts
share-hidden-hint = One a line. Each is replaced by asterisks in log and parameters.
share-review = Look for secrets
share-review-hint = Nothing is published before you have seen what was found.
share-create = Make the link
share-made = The link is made
share-reaches-nobody = This link begins with { $origin }, an address of this computer: it reaches nobody else. Open this page under an address that others reach, and make the link there.
share-made-hint = Copy it now: its secret is kept nowhere and cannot be shown again.
share-link = Link
share-open = Open it as others see it
share-badge-code = Badge, as Markdown
share-embed-code = Frame, as HTML
copy = Copy
copied = Copied
shares-title = Links
shares-hint = Read-only links to jobs of this project, for those who have no access.
shares-of-job = Links of this job
shares-none = There is no link.
shares-cut = Older links are not listed.
share-created = Made
share-maker = Made by
share-expires = Good until
share-last-use = Last used
share-never-used = never
share-uses = { $count ->
    [one] opened { $count } time
   *[other] opened { $count } times
}
share-revoke = Revoke
share-revoke-one = Revoke the link { $id }
share-revoke-all = Revoke all
share-expired = Expired
share-revoked = Revoked
part-state = state
part-log = log
part-parameters = parameters
part-env-values = { $count ->
    [one] { $count } value of a variable
   *[other] { $count } values of variables
}
part-outputs = { $count ->
    [one] { $count } output
   *[other] { $count } outputs
}
findings-heading = What was found
findings-none = Nothing looks like a secret in what the link would show. Look yourself all the same.
findings-count = { $count ->
    [one] { $count } place looks like a secret.
   *[other] { $count } places look like secrets.
}
findings-in-outputs = Outputs are given as they are: secrets in them are not hidden. Untick those files if they are not for everyone.
findings-log-cut = The log is longer than what was looked at. The rest is swept all the same when it is shown.
findings-unread = Not looked at, or only in part: { $files }
findings-short = Values too short to be looked for: { $names }
findings-more = { $count ->
    [one] { $count } more is not listed.
   *[other] { $count } more are not listed.
}
finding-kind = Looks like
finding-place = Where
finding-excerpt = Around it
finding-result = Others see
finding-hidden = asterisks
finding-shown = the text itself
finding-in-log = { $source }, line { $line }
finding-in-output = { $file }, line { $line }
finding-project-secret = a secret of the project
finding-env-value = the value of a variable
finding-hidden-text = a text you named
finding-jwt = a JSON Web Token
finding-private-key = a private key
finding-service-token = a service’s token
finding-url-query = a token in an address
finding-url-password = a password in an address
finding-authorization = an Authorization header
finding-assignment = a password or key
finding-other = something else
shared-title = A shared job
shared-read-only = Shown by a link, read-only
shared-gone = This link shows nothing
shared-gone-hint = It may have expired, been revoked, or be cut short. Ask whoever sent it for another one.
shared-link-ends = Link good until
shared-hidden-env = Values that are not shown: { $names }
shared-looks = Pictures and tables
shared-output-missing = not there
shared-output-coming = Coming…
shared-output-checked = Saved; its hash is the one shown
shared-output-differs = Not saved: its hash is not the one shown
shared-output-failed = It did not come: { $reason }
copy-save = Save a frozen copy
copy-save-hint = One file with what is shown here, which opens without a server.
copy-save-failed = No copy was made: { $reason }
copy-output-too-large = too large for this copy
copy-other-bytes = its hash is not the one it should have
copy-return-code = Return code
copy-made = A frozen copy, made { $time }.
copy-left-out = { $count ->
    [one] { $count } more line is not in this copy.
   *[other] { $count } more lines are not in this copy.
}
