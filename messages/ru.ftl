## Вокруг каждой страницы

skip-to-content = К содержанию
nav-label = Разделы
nav-jobs = Задания
nav-new-job = Новое задание
language-label = Язык
theme-label = Цвета
theme-auto = Как в системе
theme-light = Светлые
theme-dark = Тёмные
breadcrumb-label = Где вы
breadcrumb-jobs = Все задания проекта
loading = Загрузка…
page-not-loaded = Не удалось загрузить страницу: пропала связь или на сервере уже более новая версия.
page-reload = Загрузить снова
download = Скачать
cancel = Отменить
not-found-title = Нет такой страницы
not-found-text = Адрес никуда не ведёт: возможно, он обрезан или набран с ошибкой.
not-found-link = К заданиям

## Вход

sign-in = Войти
sign-in-later = Позже
sign-in-heading = Кто вы?
sign-in-text = Этому серверу нужен токен. Откройте ссылку, которую он напечатал при запуске, или попросите токен у того, кто его держит.
sign-out = Выйти
token-label = Токен
token-keep = Хранить в этом браузере и после закрытия вкладки
token-empty = Вставьте токен сюда.
token-unknown = Сервер не знает этот токен: он удалён, истёк или набран с ошибкой.

## Задания проекта

jobs-heading = Задания
jobs-title = Задания проекта { $project }
jobs-empty-heading = Заданий пока нет
jobs-empty-text = Задание — это команда и её файлы. На первое уйдёт минута.
jobs-empty-link = Создать первое задание
column-state = Состояние
column-name = Название
column-created = Создано
column-duration = Длительность
column-size = Размер
pages-label = Страницы
pages-newest = Новейшие
pages-older = Более ранние
job-unnamed = Задание без названия

## Состояния

status-unspecified = Неизвестно
status-creating = Ждёт файлов
status-preparing = Готовится
status-executing = Выполняется
status-uploading-output = Собирает результаты
status-success = Готово
status-error = Ошибка
status-cancelling = Отменяется
status-cancelled = Отменено

## Новое задание

new-job-title = Новое задание
name-label = Название
desc-label = Описание
cmd-label = Команда
cmd-hint = Её выполнит sh в папке с входными файлами. Переменная пишется ${"{"}NAME{"}"}.
cmd-variables = Переменные:
inputs-heading = Входные файлы
inputs-hint = Файлы, которые читает команда. Путь — где она найдёт каждый из них.
inputs-add = Выбрать файлы
inputs-drop = или перетащите их сюда
inputs-add-folder = Выбрать папку
inputs-listing = Читаем папку: { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}
inputs-unreadable = Папку не удалось прочитать ({ $reason }). Перетащите её ещё раз или выберите кнопкой.
input-choose-folder = Выбрать папку для { $path }
input-choose-folder-short = Выбрать папку
folder-summary = { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}, { $size }
folder-listed = { $count ->
    [one] { $count } файл
    [few] { $count } файла
    [many] { $count } файлов
   *[other] { $count } файла
}, размеры читаются
folder-left-out = пропущено: { $count }
folder-git = Пропускать то, что названо в .gitignore
folder-own = Пропускать также
folder-files = { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}
folder-more = Показать ещё { $count }
left-out-own = пропущен по правилу { $rule }
left-out-git = пропущен по правилу { $rule } из { $file }
inputs-added = { $count ->
    [one] Добавлен { $count } файл
    [few] Добавлено { $count } файла
   *[other] Добавлено { $count } файлов
}
outputs-heading = Результаты
outputs-hint = Файлы и папки, которые создаст команда; потом их можно скачать.
outputs-add = Добавить результат
arguments-heading = Аргументы
arguments-hint = Значения, которые стоят в команде под именем.
arguments-add = Добавить аргумент
env-heading = Переменные окружения
env-hint = Передаются программе как её окружение.
env-add = Добавить переменную
path-label = Путь
var-label = Переменная
pair-name-label = Имя
pair-value-label = Значение
remove-row = Убрать { $what }
run = Запустить
problems-heading = { $count ->
    [one] Нужно исправить { $count } место
    [few] Нужно исправить { $count } места
   *[other] Нужно исправить { $count } мест
}
cmd-unknown = Не определены:
input-known = содержимое известно из исходного задания
input-missing = файл ещё не выбран
input-choose = Выбрать файл для { $path }
input-choose-short = Выбрать
raise-row = Поднять { $what }
source-from = Заполнено по заданию
source-filled = Форма заполнена по заданию
differences-heading = { $count ->
    [0] Отличий от исходного задания нет
    [one] { $count } отличие от исходного задания
    [few] { $count } отличия от исходного задания
    [many] { $count } отличий от исходного задания
   *[other] { $count } отличия от исходного задания
}
difference-what = Что
difference-before = Исходное задание
difference-after = Это задание
content-known = { $size }, sha256 { $digest }…
content-new = { $size }, выбрано здесь
examples-heading = Примеры
examples-hint = Впервые здесь? Начните с задания, которое работает как есть:
example-search = Поиск в тексте
example-plot = График таблицы на Python
example-progress = Цикл с ходом работы
example-folder = Папка на входе, папка на выходе
example-shutdown = Мягкая остановка
example-filled = Форма заполнена примером: { $name }
drafts-heading = Черновики ({ $count })
draft-untitled = Без названия
draft-delete = Удалить черновик { $name }
draft-delete-short = Удалить
draft-deleted = Черновик удалён
draft-back = Черновик восстановлен
draft-interrupted = Это задание начато и не доведено до конца. Нажмите «Запустить», чтобы продолжить: то, что дошло, заново не отправляется.
draft-gone = Этого черновика в браузере больше нет.
input-reread = Разрешить чтение { $path }
input-reread-short = Разрешить чтение
options-label = Другие настройки
options-find = Найти настройку
group-details = Описание, аргументы, окружение
group-python = Python
group-image = Образ контейнера
group-machine = Машина
group-data = Подключения и датасеты
group-life = Остановка и срок хранения
id-label = Идентификатор
size-label = Размер
labels-label = Метки
address-label = Адрес
host-label = Хост
s3-heading = Подключения S3
s3-hint = Бакеты, которые команда видит как папки. Переменная обозначает папку.
s3-add = Добавить подключение S3
datasets-heading = Датасеты
datasets-hint = Папки, созданные другими заданиями, только для чтения.
datasets-add = Добавить датасет
output-datasets-heading = Выходные датасеты
output-datasets-hint = Папки, которые команда заполнит для других заданий. Размер вида 10Gb; метки вида имя=значение через запятую.
output-datasets-add = Добавить выходной датасет
instances-heading = Типы машин
instances-hint = Берётся первый свободный; если не указать ни одного, выберет сервис.
instances-add = Добавить тип машины
instance-label = Тип машины
storage-label = Рабочее хранилище
storage-hint = Например, 150Gb; не меньше 100 ГБ. Пусто — как решит сервис.
disk-label = Подключить диск проекта
spark-label = Коннектор Spark
spark-hint = Его идентификатор.
python-label = Окружение Python
python-none = Как есть на машине
python-auto = По импортам файлов
python-manual = Как написано здесь
python-version-label = Версия
python-version-hint = Например, 3.11. Пусто — как принято в сервисе.
program-label = Что нужно программе
program-reading = Читаем файлы Python…
program-failed = Файлы Python не удалось прочитать: { $reason }
program-main = Главный скрипт: { $path }. Он отправляется как входной файл.
program-hint = Перетащите папку программы или её файлы на «Входные файлы»: импорты читаются здесь, ничего не запускается.
program-files = { $count ->
    [one] { $count } файл под рукой для программы
    [few] { $count } файла под рукой для программы
    [many] { $count } файлов под рукой для программы
   *[other] { $count } файла под рукой для программы
}: { $names }
program-to-inputs = Сделать входными файлами
program-locked = Папка программы была добавлена до перезагрузки.
program-refill = Заполнить требования по импортам
program-added = { $count ->
    [one] К программе Python добавлен { $count } файл
    [few] К программе Python добавлено { $count } файла
    [many] К программе Python добавлено { $count } файлов
   *[other] К программе Python добавлено { $count } файла
}
modules-heading = Локальные модули
modules-hint = Найдены среди добавленных файлов; отмеченные команда может импортировать.
packages-heading = { $count ->
    [one] Импортируется { $count } пакет
    [few] Импортируются { $count } пакета
    [many] Импортируется { $count } пакетов
   *[other] Импортируется { $count } пакета
}
package-optional = программа работает и без него; если нужен, добавьте ниже
package-guessed = имя пакета взято из имени модуля
imported-at = импорт в { $path }, строка { $line }
place-at = { $path }, строка { $line }
misread-main = Команда запускает { $path }, но такого файла нет
misread-root = { $path } указан в корневых путях, но такого файла нет
misread-syntax = { $words }
misread-beyond = относительный импорт { $words } выходит за пределы пакета
misread-module = { $words } нет среди файлов
requirements-file-label = Файл с зависимостями
requirements-file-hint = Путь к нему. Файл ищется среди добавленных и заполняет требования.
requirements-label = Зависимости
requirements-hint = По одному в строке, как для pip. Заполняются по импортам, пока здесь не написано другое.
roots-heading = Корневые модули
roots-hint = Скрипты, которые команда запускает незаметно; их импорты тоже читаются.
roots-add = Добавить корневой модуль
locals-heading = Локальные модули
locals-hint = Ваши файлы и пакеты, которые отправляются с заданием. Не вместе с корневыми модулями.
locals-add = Добавить локальный модуль
index-label = Индекс пакетов
indexes-heading = Дополнительные индексы
indexes-hint = Опрашиваются кроме первого.
indexes-add = Добавить индекс
hosts-heading = Доверенные хосты
hosts-hint = Хосты, которым не нужен действительный сертификат.
hosts-add = Добавить хост
no-deps-label = Ставить без зависимостей пакетов
image-label = Образ контейнера
image-none = Образ сервиса
image-by-id = По идентификатору ресурса
image-by-address = По адресу
image-id-label = Идентификатор образа
image-address-label = Адрес образа
image-address-hint = Например, cr.example/name:tag.
image-username-label = Имя для реестра
image-secret-label = Секрет с паролем
image-secret-hint = Имя секрета; сам пароль здесь не пишут.
ttl-label = Хранить файлы
ttl-hint = Например, 3d или 12h от конца задания. Пусто — как решит сервис, 14 дней.
shutdown-label = Мягко останавливать при отмене
signal-label = Сигнал
signal-default = SIGTERM, как обычно
timeout-label = Время до принудительной остановки
timeout-hint = Например, 1m30s.
config-hint = То же задание файлом. Правьте любую сторону, другая следует за ней; вставьте или перетащите свой файл.
config-save = Скачать
config-copy = Копировать
command-copy = Копировать командой
link-copy = Копировать ссылкой
config-copied = Файл скопирован
command-copied = Команда скопирована
link-copied = Ссылка скопирована; в ней вся форма и небольшие текстовые файлы
copy-failed = Браузер этого не позволил
config-imported = { $file } перенесён в форму
inputs-missing = Ещё нет среди файлов:
inputs-gathered = { $count ->
    [one] { $count } файл положен
    [few] { $count } файла положены
    [many] { $count } файлов положены
   *[other] { $count } файла положено
} в одну папку: у задания не больше 100 входных файлов. В команде это files/ИМЯ.
config-not-understood = Форма ждёт, пока это не исправлено; ничего не потеряно.
problem-line = строка { $line }
misfit-yaml = Это не YAML: { $reason }
misfit-not-a-config = В файле должны быть ключи со значениями, например «cmd: python main.py»
misfit-not-text = «{ $key }» должен быть текстом
misfit-not-list = «{ $key }» должен быть списком: строки, начинающиеся с «-»
misfit-not-map = В «{ $key }» должны быть ключи со значениями
misfit-path-entry = Элемент «{ $key }» — это путь, «путь: ПЕРЕМЕННАЯ» или «путь: {"{"}var: ПЕРЕМЕННАЯ{"}"}»
misfit-missing = Не хватает «{ $key }»
misfit-choice = «{ $key }» может быть одним из: { $words }
misfit-password = Пароля в файле быть не должно; укажите секрет: «password: {"{"}secret-id: ИМЯ{"}"}»
misfit-unknown-key = «{ $key }» неизвестен и пропущен
misfit-key-repeated = «{ $key }» повторяется; действует последний

## Отправка

run-label = Ход отправки
run-files = Файлы
run-cancel = Остановить отправку
run-cancelled = Остановлено; ничего из набранного не пропало
run-hash-failed = Не удалось прочитать { $file }. Возможно, файл перемещён или изменён; выберите его снова.
run-upload-failed = Не удалось отправить { $file }. Нажмите «Запустить», чтобы продолжить с этого места.
run-pause = Приостановить
run-resume = Продолжить
run-is-paused = Приостановлено
run-is-offline = Нет сети. Отправка продолжится, когда сеть появится.
run-retries = Связь прервалась, пробуем ещё раз
run-file-changed = { $file } изменился с тех пор, как был прочитан. Нажмите «Запустить», чтобы прочитать его снова.
phase-asking = Ваше согласие
send-agree = Отправить и запустить
send-speed = { $speed }/с, осталось { $left }
phase-hashing = Чтение файлов
phase-creating = Создание задания
phase-sending = Отправка файлов
phase-starting = Запуск
file-waiting = ждёт
file-hashing = читается
file-hashed = прочитан
file-held = уже на месте
file-sending = отправляется
file-sent = получен и проверен
send-no-files = Отправлять нечего
send-all-held = { $count ->
    [one] { $count } файл, он уже на месте: отправлять нечего
    [few] { $count } файла, все уже на месте: отправлять нечего
   *[other] { $count } файлов, все уже на месте: отправлять нечего
}
send-some = { $count ->
    [one] Отправить { $count } файл, { $size }
    [few] Отправить { $count } файла, { $size }
   *[other] Отправить { $count } файлов, { $size }
}
send-rest = { $count ->
    [one] Отправить { $count } файл, { $size }; уже на месте: { $held }
    [few] Отправить { $count } файла, { $size }; уже на месте: { $held }
   *[other] Отправить { $count } файлов, { $size }; уже на месте: { $held }
}
send-total = { $sent } из { $size }
run-no-file = Сервис больше не хранит { $file }. Выберите файл и запустите снова.
run-program-failed = Программу на Python не удалось прочитать

## Задание

job-started = Начато
job-finished = Закончено
job-data-expires = Файлы хранятся до
job-id = Идентификатор
progress-label = Ход программы
progress-unknown = Выполняется; программа не сообщает о ходе работы
forbidden-ended = Задание закончилось
forbidden-cancelling = Задание уже отменяется
forbidden-runs = Задание ещё не завершено
forbidden-data-cleared = Данные задания удалены
failure-heading = Задание не выполнено
failure-code = Команда завершилась с кодом { $code }
failure-stderr = { $count ->
    [1] Последняя строка stderr:
    [one] Последняя { $count } строка stderr:
    [few] Последние { $count } строки stderr:
   *[other] Последние { $count } строк stderr:
}
outputs-none-declared = У этого задания не названы результаты.
outputs-none = Команда не оставила результатов.
outputs-later = { $count ->
    [one] { $count } результат ожидается, когда команда закончится.
    [few] { $count } результата ожидаются, когда команда закончится.
   *[other] { $count } результатов ожидаются, когда команда закончится.
}
other-files-heading = Журналы для скачивания
file-not-found = Файл { $file } не создан.
file-not-stored = Файл { $file } не удалось сохранить.
download-file = Скачать { $file }
data-cleared = Файлы этого задания удалены.
parameters-heading = Параметры
other-parameters-heading = Прочие параметры
run-again = Запустить снова

## Журнал

log-heading = Журнал
log-follow = Следить
log-waiting = Ждём первую строку…
log-empty = Команда ничего не напечатала.
log-so-far = { $count ->
    [one] Пока { $count } строка
    [few] Пока { $count } строки
   *[other] Пока { $count } строк
}
log-complete = { $count ->
    [one] { $count } строка, всё
    [few] { $count } строки, всё
   *[other] { $count } строк, всё
}
log-hidden = { $count ->
    [one] Не показана { $count } более ранняя строка.
    [few] Не показаны { $count } более ранние строки.
   *[other] Не показано { $count } более ранних строк.
}
log-hidden-later = Когда задание закончится, весь журнал можно будет скачать.

## Связь и ошибки

connection-lost = Связь с сервером потеряна. То, что вы видите, могло устареть.
connection-retry = { $seconds ->
    [0] Пробуем снова…
    [one] Новая попытка через { $seconds } секунду.
    [few] Новая попытка через { $seconds } секунды.
   *[other] Новая попытка через { $seconds } секунд.
}
error-details = Подробности
error-unavailable = Сервер не отвечает. Проверьте, что он запущен, и повторите.
error-not-found = Здесь ничего нет: удалено, или адрес неверен.
error-invalid = Сервер не принимает отправленное. В подробностях названо поле.
error-precondition = В нынешнем состоянии это невозможно. В подробностях сказано, чего не хватает.
error-permission = Вам это не разрешено. Попросите права у того, кто ведёт сервер.
error-unauthenticated = Сервер вас не знает. Войдите снова.
error-exhausted = Достигнут предел сервера. Подождите немного или обратитесь к тому, кто его ведёт.
error-unimplemented = Этот сервер такого не умеет.
error-conflict = Кто-то уже изменил то же самое. Обновите страницу и повторите.
error-cancelled = Вызов прерван. Повторите.
error-internal = Ошибка на сервере. Повторите; если не поможет, покажите подробности тому, кто его ведёт.

## Правила

rule-required = Не может быть пустым
rule-too-long = Длиннее { $max } знаков
rule-too-many = Больше { $max } записей; много файлов можно перетащить одной папкой
rule-id = Нужно от 1 до 50 латинских букв, цифр, - или _
rule-nul = Не может содержать знак NUL
rule-variable-name = «{ $name }» — не имя переменной: нужно от 1 до 50 латинских букв, цифр, - или _
rule-variable-reserved = Имя { $name } занято; выберите другое
rule-variable-repeated = Переменная { $name } использована больше одного раза
rule-variable-unknown = { $name } не определена: дайте эту переменную входному файлу, результату или аргументу
rule-project-disk-missing = Для DS_PROJECT_HOME нужен диск проекта
rule-env-name = «{ $name }» — не имя переменной окружения: начните с буквы или _, дальше буквы, цифры, _
rule-env-repeated = Это имя использовано больше одного раза
rule-path-absolute = Путь абсолютный: сделайте его относительным или дайте ему переменную
rule-path-parent = Путь ведёт наружу через «..»: сделайте его относительным или дайте ему переменную
rule-path-too-long = Путь или имя в нём слишком длинны
rule-path-repeated = Путь { $path } указан дважды
rule-name-repeated = Имя { $name } указано дважды
rule-path-nested = Лежит внутри { $outer }, а эта папка тоже в списке
rule-not-in-source = В исходном задании нет имени «{ $name }»
rule-sha256 = Файл не прочитан; выберите его снова
rule-negative = Не может быть отрицательным
rule-file-too-large = Больше { $max }: такому файлу место на подключении s3 или в датасете
rule-total-too-large = Файлы вместе больше { $max }: большим место на подключении s3 или в датасете
rule-resource-id = Должен быть идентификатором из 20 строчных латинских букв и цифр
rule-size = Должен быть размером вида 150Gb: целое число и KB, MB, GB, TB или PB
rule-storage-too-small = Должно быть не меньше { $min } ГБ
rule-duration = Должно быть временем вида 1d2h3m4s
rule-signal = Должен быть SIGTERM, SIGINT, SIGHUP, SIGUSR1 или SIGUSR2
rule-python-version = Должна быть версией вида 3.11
rule-requirement = { $line } — не требование вида six==1.16.0; маркеры, адреса и другие файлы не поддерживаются
rule-main-module = Команда не запускает видимого файла Python; укажите запускаемые скрипты в корневых путях
rule-exclusive = Нельзя указать вместе с { $other }
rule-labels = Должно быть имя=значение, несколько через запятую
rule-value-missing = Значения { $name } нет в файле: впишите его здесь
rule-file-missing = Выберите файл для { $path }

## Длительности

duration-days = { $days } д { $hours } ч
duration-hours = { $hours } ч { $minutes } мин
duration-minutes = { $minutes } мин { $seconds } с
duration-seconds = { $seconds } с
