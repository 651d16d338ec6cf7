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
drop-refused = Эта страница не принимает файлы. Ничего не открыто и не отправлено.
drop-new-job = Их принимает страница нового задания
drop-running = Задание отправляется: сейчас файлы не принимаются.
drop-covered = Файлы не приняты: сначала ответьте на вопрос в окне.
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
link-token-heading = Продолжить как раньше?
link-token-text = Вы уже вошли, а открытая ссылка принесла другой токен. Ничего не изменилось.
link-token-risk = Если ссылку вам дал кто-то другой, вы будете работать от его имени: задания, файлы и секреты, которые вы отправите, увидит он. Используйте её токен, только если знаете, откуда ссылка.
link-token-kept = Если перейти, ваш токен останется в этом браузере, для других вкладок.
link-token-gone = Если перейти, эта вкладка забудет токен, который у неё сейчас.
link-token-stay = Продолжить как раньше
link-token-switch = Перейти на токен из ссылки
link-token-offer = Открытая ссылка принесла токен.
link-token-use = Войти с токеном из ссылки

## Несколько серверов

servers = Серверы
server-current = Сервер: { $name }
server-own = Сервер этой страницы
server-here = показан сейчас
server-forget = Забыть
server-forget-label = Забыть { $name }
servers-close = Закрыть
server-add-heading = Другой сервер
server-address = Адрес
server-add = Проверить и запомнить
servers-none-allowed = Тот, кто ведёт сервер этой страницы, не разрешил её страницам обращаться к другим серверам. Для этого его запускают с --connect-to и их адресами.
servers-allowed = Эта страница может обращаться к: { $urls }.
server-problem-empty = Введите адрес, например https://jobs.example.org.
server-problem-address = Нужно https://, имя и, возможно, порт, и больше ничего
server-problem-unencrypted = http:// годится только для серверов на этой машине: иначе токен можно подсмотреть по дороге. Используйте https://
server-problem-own = Это сервер этой страницы.
server-problem-not-allowed = Страницам { $own } нельзя обращаться к { $url }. Тот, кто ведёт { $own }, может запустить его с --connect-to { $url }.
server-problem-unreachable = { $url } не отвечает этой странице. Либо он недоступен, либо не разрешает обращаться страницам { $own }; браузер не говорит, что из двух. Проверьте адрес и то, что сервер запущен с --allow-origin { $own }.
server-ask-title = Другой сервер
server-ask-text = Этот адрес ведёт на { $url }: этого сервера браузер не знает.
server-ask-sent = Туда ещё ничего не отправлено. Если продолжить, он узнает, что вы пришли и что делаете на его страницах; токены других серверов остаются здесь.
server-ask-name = Как его называть
server-ask-agree = Запомнить и открыть
server-ask-refuse = Не открывать
sign-in-server = Токен нужен серверу { $url }, больше никуда он не отправляется.

## Задания проекта

jobs-heading = Задания
jobs-title = Задания проекта { $project }
jobs-empty-heading = Заданий пока нет
project-unknown = Проекта «{ $project }» нет
project-unknown-hint = Возможно, в адресе опечатка или этот проект вам не виден. Новый проект появляется вместе с первым заданием.
jobs-empty-text = Задание — это команда и её файлы. На первое уйдёт минута.
jobs-empty-link = Создать первое задание
columns-numbers = Итоговые числа
column-state = Состояние
column-name = Название
column-created = Создано
column-duration = Длительность
column-size = Размер
job-unnamed = Задание без названия

## Управление заданиями

column-instance = Тип машины
column-author = Автор
column-code = Код возврата
column-expires = Срок файлов
column-parent = Копия задания
columns = Столбцы
filter-text = Поиск
filter-text-hint = Имя, команда, аргументы, id, автор
filter-states-all = все
filter-states-some = выбрано { $count }
filter-any-time = В любое время
filter-hour = За последний час
filter-day = За последние сутки
filter-week = За последнюю неделю
filter-days = По дням…
filter-from = С
filter-to = По
filter-any-instance = Любой
filters-clear = Показать все задания
filters-nothing = Ничего не подходит
filters-nothing-text = Задания в проекте есть, но поиск или фильтр не пропускает ни одного.
filters-nothing-yet = Среди прочитанных заданий ничего не подходит; более старые ещё читаются.
jobs-all = { $count ->
    [one] { $count } задание
    [few] { $count } задания
   *[other] { $count } заданий
}
jobs-some = { $count ->
    [one] { $shown } из { $count } задания
    [few] { $shown } из { $count } заданий
   *[other] { $shown } из { $count } заданий
}
jobs-reading = Более старые ещё читаются…
jobs-newest-only = Это самые новые; остальные ещё не прочитаны.
jobs-read-rest = Прочитать остальные
jobs-new = { $count ->
    [one] { $count } новое задание
    [few] { $count } новых задания
   *[other] { $count } новых заданий
}
select-all = Выбрать все показанные задания
select-job = Выбрать: { $name }
note-close = Закрыть
job-deleted-elsewhere = Это задание удалено в другом окне или кем-то другим. Ниже то, что страница знала о нём раньше; сделать с ним уже ничего нельзя.
job-deleted = Задание «{ $name }» удалено.
bulk-label = Выбранные задания
bulk-selected = { $count ->
    [one] Выбрано { $count } задание
    [few] Выбрано { $count } задания
   *[other] Выбрано { $count } заданий
}
bulk-cancel = Отменить…
bulk-keep = Срок хранения…
bulk-delete-data = Удалить данные…
bulk-delete = Удалить…
bulk-compare = Сравнить
bulk-compare-forbidden = Для сравнения выберите от 2 до 50 заданий
bulk-clear = Снять выбор
act-no = Ничего не делать
act-close = Закрыть
act-again = Повторить для неудачных
act-cancel = Отменить их
act-cancel-heading = { $count ->
    [one] Отменить { $count } задание?
    [few] Отменить { $count } задания?
   *[other] Отменить { $count } заданий?
}
act-cancel-text = Программы останавливаются сразу. Написанное до этого собирается.
act-cancel-done = { $count ->
    [one] { $count } задание отменяется
    [few] { $count } задания отменяются
   *[other] { $count } заданий отменяются
}
act-delete = Удалить
act-delete-heading = { $count ->
    [one] Удалить { $count } задание со всем, что в нём есть?
    [few] Удалить { $count } задания со всем, что в них есть?
   *[other] Удалить { $count } заданий со всем, что в них есть?
}
act-delete-done = { $count ->
    [one] { $count } задание удалено
    [few] { $count } задания удалены
   *[other] { $count } заданий удалено
}
act-data = Удалить данные
act-data-heading = { $count ->
    [one] Удалить данные { $count } задания?
   *[other] Удалить данные { $count } заданий?
}
act-data-done = { $count ->
    [one] Данные { $count } задания удалены
   *[other] Данные { $count } заданий удалены
}
act-keep = Установить срок
act-keep-heading = { $count ->
    [one] Сколько хранить данные { $count } задания?
   *[other] Сколько хранить данные { $count } заданий?
}
act-keep-done = { $count ->
    [one] Срок { $count } задания установлен
   *[other] Срок { $count } заданий установлен
}
act-left-out = { $count ->
    [one] { $count } задание не затрагивается: { $reason }
    [few] { $count } задания не затрагиваются: { $reason }
   *[other] { $count } заданий не затрагиваются: { $reason }
}
act-progress = Сделано { $done } из { $count }
act-progress-label = Ход работы
act-failed = { $count ->
    [one] Не получилось для { $count } задания:
   *[other] Не получилось для { $count } заданий:
}
act-failed-more = И ещё { $count }.
keep-label = Срок хранения
keep-days = Столько дней от этого момента:
keep-days-label = Дней
keep-forever = Всегда
keep-other = Другой срок…
keep-offer = { $count ->
    [one] { $count } день от этого момента
    [few] { $count } дня от этого момента
   *[other] { $count } дней от этого момента
}
keep-hint = Потом сервис удалит входные файлы, результаты и журналы; запись останется. Идущее задание хранит данные не меньше этого срока после своего конца.
frees = Освободится { $size }.
frees-at-most = Освободится не больше { $size }.
frees-counting = Считаем, сколько освободится…
frees-unknown = Сколько освободится, неизвестно: некоторых из этих заданий уже нет в списке.
frees-kept = { $size } останется: те же файлы нужны другим заданиям.
frees-read = { $count ->
    [one] Прочитано { $count } задание проекта; более старым могут быть нужны те же файлы.
    [few] Прочитано { $count } задания проекта; более старым могут быть нужны те же файлы.
   *[other] Прочитано { $count } заданий проекта; более старым могут быть нужны те же файлы.
}
breaks-record = Исчезнет и запись: состояние, времена, параметры.
breaks-again = { $count ->
    [one] { $count } задание больше нельзя будет запустить снова или скопировать.
    [few] { $count } задания больше нельзя будет запустить снова или скопировать.
   *[other] { $count } заданий больше нельзя будет запустить снова или скопировать.
}
breaks-files = Входные файлы, результаты и журналы больше нельзя будет открыть или скачать.
breaks-links = Отправленные ссылки больше не покажут ни файлов, ни журнала.
breaks-not-copies = { $count ->
    [one] { $count } задание, скопированное отсюда, сохранит свои файлы.
    [few] { $count } задания, скопированные отсюда, сохранят свои файлы.
   *[other] { $count } заданий, скопированных отсюда, сохранят свои файлы.
}
all-data-open = Удалить данные всех заданий…
all-data-heading = Удалить данные всех заданий проекта { $project }
all-data-held = { $count ->
    [one] Данные есть у { $count } задания, вместе { $size }.
   *[other] Данные есть у { $count } заданий, вместе { $size }.
}
all-data-reading = Задания ещё читаются; числа растут.
all-data-breaks = Ни одно из заданий больше нельзя будет запустить снова, скопировать, открыть или скачать; все журналы исчезнут.
all-data-stays = Записи останутся: имена, состояния, времена, параметры.
all-data-running = { $count ->
    [one] { $count } задание проекта не закончилось. Сначала дождитесь его или отмените.
    [few] { $count } задания проекта не закончились. Сначала дождитесь их или отмените.
   *[other] { $count } заданий проекта не закончились. Сначала дождитесь их или отмените.
}
all-data-name = Чтобы продолжить, введите имя проекта: { $project }
all-data-runs = Удаляем…
all-data-done = Данные всех заданий удалены
lifetime-label = Срок хранения файлов:
lifetime-menu = Срок и удаление
lifetime-from-end = считается от конца
lifetime-forever = хранятся всегда
lifetime-left = истекает { $when }
lifetime-over = истекает сейчас
lifetime-cleared = данные удалены
delete-job = Удалить задание…

## Состояния

status-unspecified = Неизвестно
status-creating = Ждёт файлов
status-preparing = Готовится
status-executing = Выполняется
status-uploading-output = Собирает результаты
status-success = Готово
status-incomplete = Готово, не всё
status-in-queue = Ждёт в очереди
status-error = Ошибка
status-cancelling = Отменяется
status-cancelled = Отменено

## Новое задание

new-job-title = Новое задание
name-label = Название
desc-label = Описание
cmd-label = Команда
cmd-hint = Её выполнит bash, если он есть на сервере, в папке с входными файлами. Переменная пишется ${"{"}NAME{"}"}.
cmd-variables = Переменные:
inputs-heading = Входные файлы
inputs-hint = Файлы, которые читает команда. Путь — где она найдёт каждый из них.
inputs-add = Выбрать файлы
inputs-drop = или перетащите их в любое место страницы
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
folder-outputs = { $count ->
    [one] { $count } результат
    [few] { $count } результата
   *[many] { $count } результатов
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
several-values = Несколько значений
several-values-of = Несколько значений аргумента { $name }
further-values = Другие значения { $name }, по одному в строке
further-values-hint = { $count ->
    [1] Каждое значение — отдельное задание: все запускаются разом, затем сравниваются.
    [one] Каждое значение — отдельное задание. Будет создано { $count } задание, затем их можно сравнить.
    [few] Каждое значение — отдельное задание. Будет создано { $count } задания, затем их можно сравнить.
   *[many] Каждое значение — отдельное задание. Будет создано { $count } заданий, затем их можно сравнить.
}
rule-too-many-jobs = Значения дают больше { $max } заданий; уберите часть из них.
env-heading = Переменные окружения
env-hint = Передаются программе как её окружение.
env-add = Добавить переменную
path-label = Путь
var-label = Переменная
pair-name-label = Имя
pair-value-label = Значение
name-marks = Есть невидимые знаки:
remove-row = Убрать { $what }
run = Запустить
run-several = { $count ->
    [one] Запустить { $count } задание
    [few] Запустить { $count } задания
   *[many] Запустить { $count } заданий
}
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
input-fetch = Открыть папку { $path }, какой она была в исходном задании
input-fetch-short = Открыть
file-edit = Править { $file }
file-edit-short = Править
file-replace = Заменить { $file }
file-replace-short = Заменить
file-content = Содержимое { $file }
file-save = Взять это содержимое
file-leave = Оставить как было
edit-no-text = { $file } — не текст в UTF-8 размером до 256 кБ: замените его файлом.
edit-mixed-ends = Строки в { $file } кончаются по-разному, а эта страница сделала бы их одинаковыми: замените его файлом.
fetched-too-large = Он больше { $size }.
fetched-unknown = В исходном задании такого файла нет.
edit-unreadable = { $file } не открывается. { $reason }
project-files = Под рукой для программы, кроме входных файлов:
project-sent = Отправится для программы, кроме входных файлов:
project-held = Файлы самой программы — из исходного задания.
project-fetch = Открыть их
field-keeps-cr = Здесь есть возвраты каретки (CR), а поле страницы их не сохранит: правьте в config.yaml, там они пишутся \r.
field-joined = Во вставленном было несколько строк, а в этом поле одна, поэтому строки соединены.
options-none = Параметра со словом «{ $wanted }» нет.
options-set = задано: { $count }
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
path-without-var = назван, без переменной
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
group-interrupted = { $count ->
    [one] Из этих заданий запущено { $count }. Нажмите «Запустить», чтобы продолжить с остальными: запущенное второй раз не начнётся.
    [few] Из этих заданий запущено { $count }. Нажмите «Запустить», чтобы продолжить с остальными: запущенные второй раз не начнутся.
   *[many] Из этих заданий запущено { $count }. Нажмите «Запустить», чтобы продолжить с остальными: запущенные второй раз не начнутся.
}
draft-done = Это уже стало заданием. Здесь его можно изменить и запустить ещё раз, как новое. Задание:
job-interrupted = Файлы задания отправлены не все. Черновик, который их отправляет, остался в этом браузере.
job-to-draft = Продолжить с черновика
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
program-no-packages = Пакетов сверх стандартной библиотеки ему не нужно.
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
package-rival = есть среди ваших файлов под тем же именем: отметьте, если программе нужен он
packages-declared = { $count ->
    [one] { $path } требует { $count } пакет; это важнее импортов.
    [few] { $path } требует { $count } пакета; это важнее импортов.
   *[other] { $path } требует { $count } пакетов; это важнее импортов.
}
doubtful-heading = Возможно, имелись в виду
doubtful-hint = Не установятся, пока вы их не отметите: под таким именем может лежать чужой пакет.
lost-hash = «{ $written }»: хеши и параметры строки не отправляются, версия отправляется.
lost-local = «{ $written }» указывает на место на чьей-то машине; отправьте папку как локальный модуль.
lost-option = «{ $written }»: этот параметр не отправляется.
lost-missing = «{ $written }»: такого файла нет среди файлов, или его не удалось прочитать.
lost-constraint = «{ $written }» не учтено: сам пакет никто не требует.
lost-unclear = Непонятно, что значит «{ $written }».
unseen-heading = Чего не видно по импортам
unseen-import = модуль импортируется по имени, которое составляет сама программа:
unseen-program = запускается другая программа:
unseen-code = выполняется код из файла:
unseen-file = упомянут файл, который есть под рукой, но не отправляется:
unseen-path = модули ищутся в папке, известной только во время работы:
unseen-install = устанавливаются пакеты:
unseen-opaque = нельзя прочитать, что нужно самому этому модулю:
unseen-add = Добавить { $what }
imported-at-cell = импорт в { $path }, ячейка { $cell }, строка { $line }
place-at-cell = { $path }, ячейка { $cell }, строка { $line }
misread-unread = Не удалось прочитать { $path }; что ему нужно, неизвестно
misread-machine = { $path } собран для другой системы или другой версии Python
misread-encoding = Файл не в UTF-8 и не называет свою кодировку; Python его не примет
misread-too-deep = Вложенность в файле слишком глубокая, чтобы прочитать его целиком; что нужно остальному, неизвестно
imported-at = импорт в { $path }, строка { $line }
place-at = { $path }, строка { $line }
misread-main = Команда запускает { $path }, но такого файла нет
misread-root = { $path } указан в корневых путях, но такого файла нет
misread-syntax = Python не разберёт эту строку ({ $words })
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
configs-heading = Какую конфигурацию взять?
configs-found = Найдено конфигураций: { $count }. Выберите одну
configs-as-files = Взять всё как файлы
take-back = Вернуть как было
inputs-served = { $count ->
    [one] Найден { $count } входной файл
    [few] Найдено { $count } входных файла
   *[other] Найдено { $count } входных файлов
}
inputs-replaced = Взято вместо того, что было у задания: { $paths }
inputs-absorbed = { $count ->
    [one] { $count } файл положен в рабочую папку
    [few] { $count } файла положены в рабочую папку
   *[other] { $count } файлов положено в рабочую папку
}
contents-label = Рабочая папка — это её содержимое, без самой папки
offer-programs = Начните с программы из папки { $folder }:
offer-programs-nameless = Начните с программы:
offer-notebook = { $file } — блокнот: в нём ячейки, и начала у него нет. Сохраните его как файл .py или выполните командой jupyter nbconvert --to notebook --execute.
offer-unread = { $file } называет пакеты способом, который здесь не читается. Перечислите нужные программе пакеты в разделе «Python» или положите рядом requirements.txt.
meet-in-folder = { $count ->
    [one] { $paths } нет там, где его ищет команда; он есть в папке { $folder }.
   *[other] { $paths } нет там, где их ищет команда; они есть в папке { $folder }.
}
meet-at-hand = { $count ->
    [one] { $paths } под рукой, но команда не найдёт его среди входных файлов.
   *[other] { $paths } под рукой, но команда не найдёт их среди входных файлов.
}
meet-lay = Сделать содержимое { $folder } рабочей папкой
meet-lay-project = Сделать перетащенную папку рабочей
meet-enter = Начинать команду в { $folder }
meet-add = { $count ->
    [one] Сделать входным файлом
   *[other] Сделать входными файлами
}
offer-packages = { $file } называет пакеты, но их пока никто не ставит.
offer-packages-take = Установить
offer-done = Теперь команда такая:
offer-done-packages = Пакеты и версии взяты из { $file }; они стоят в разделе Python.
offer-left-out = Из него не взято, потому что в задании так не пишут: { $lines }
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
misfit-edge-blank = «{ $text }» начинается или кончается пробелом, и он считался бы: уберите его
misfit-variable-missing = После «{ $path }:» не хватает переменной
misfit-entry-missing = Элемент «{ $key }» пуст
misfit-below-one-dash = «{ $key }» пропущен: под одним дефисом действует только первое имя; дайте ему свой дефис
misfit-merge = «<<» здесь ничего не вставляет и пропущен: напишите сами значения
misfit-holds-nothing = В «{ $key }» нет ключей со значениями, он пропущен
misfit-not-beside = «{ $key }» пропущен рядом с «{ $other }»
misfit-not-true = «{ $key }» включается только словом «true»; так он выключен
misfit-whole-folder = Пустой элемент «{ $key }» означает всю папку
misfit-empty-entry = Пустой элемент «{ $key }» пропущен
flaw-unprintable = символу { $code } в файле не место; в двойных кавычках его можно записать кодом
flaw-tab = табуляция там, где могут стоять только пробелы
flaw-beginning = с «{ $letter }» ничего не может начинаться: возьмите текст в кавычки
flaw-colon-missing = после ключа нет «:», или отступ строки мал, чтобы она относилась к тексту выше
flaw-entry-not-here = элементу списка здесь не место: дайте ему отдельную строку
flaw-key-not-here = ключу здесь не место: дайте ему отдельную строку или возьмите текст в кавычки
flaw-value-not-here = «: » здесь стоять не может: возьмите текст в кавычки или поправьте отступ
flaw-indentation = строка не подходит к тому, что выше: поправьте отступ или возьмите текст в кавычки
flaw-content-missing = перед этим не хватает значения
flaw-not-closed = не хватает «,» или «{ $bracket }»
flaw-quote-not-closed = кавычка { $quote }, открытая здесь, не закрыта
flaw-escape = «\{ $letter }» в двойных кавычках ничего не значит: обратную черту пишут «\\», или возьмите одинарные кавычки
flaw-escape-number = после «\{ $letter }» в двойных кавычках нужен шестнадцатеричный код символа, цифр: { $digits }
flaw-surrogate = «\u» называет половину символа, её нельзя отправить: напишите сам символ
flaw-block-header = после «|» или «>» могут стоять только «+», «-», цифра от 1 до 9 и комментарий
flaw-anchor-name = после «{ $sign }» нужно имя из латинских букв, цифр, «-», «_»: текст, который так начинается, возьмите в кавычки
flaw-anchor-repeated = «&{ $name }» повторяется
flaw-alias-unknown = «*{ $name }» ничего не значит: выше нет «&{ $name }»
flaw-alias-within = «*{ $name }» стоит внутри того, что означает
flaw-tag = «!» здесь не начинает тег: текст, который так начинается, возьмите в кавычки
flaw-tag-handle = начало тега «{ $handle }» неизвестно
flaw-directive = эта строка с «%» — не директива YAML 1, или под ней нет «---»
flaw-documents = в файле больше одного документа: уберите «---» и лишнее
flaw-key-not-text = ключ должен быть текстом: возьмите его в кавычки
flaw-too-deep = вложенность слишком глубока
flaw-too-many = в файле слишком много значений

## Отправка

run-label = Ход отправки
run-cancel = Остановить отправку
run-turn = Задание { $number } из { $count }: { $label }
run-cancelled = Остановлено; ничего из набранного не пропало
run-hash-failed = Не удалось прочитать { $file }. Возможно, файл перемещён или изменён; выберите его снова.
run-upload-failed = Не удалось отправить { $file }. Нажмите «Запустить», чтобы продолжить с этого места.
run-upload-between = Не удалось отправить { $file }.
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
send-all-held = Всё уже на месте, отправлять нечего: { $held }
send-folders = { $count ->
    [one] { $count } папка
    [few] { $count } папки
   *[other] { $count } папок
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
unnamed-heading = Не названы результатами
unnamed-hint = Эти файлы создала команда, но среди результатов их нет. То, что сохранить или скачать, станет результатом задания.
unnamed-until = Остальное исчезнет после
unnamed-keep = Сохранить
unnamed-keep-file = Сохранить { $file }
unnamed-keep-all = { $count ->
    [one] Сохранить { $count } файл
    [few] Сохранить все { $count } файла
   *[other] Сохранить все { $count } файлов
}
unnamed-fetch = Скачать
unnamed-fetch-file = Скачать { $file } и сохранить
unnamed-kept = Сохранён как результат
unnamed-show-all = { $count ->
    [one] Показать ещё { $count } файл
    [few] Показать ещё { $count } файла
   *[other] Показать ещё { $count } файлов
}
unnamed-more = { $count ->
    [one] Ещё { $count } файл ({ $size }) в списке не показан; чтобы получить его, назовите его папку результатом и запустите задание снова.
    [few] Ещё { $count } файла ({ $size }) в списке не показаны; чтобы получить их, назовите их папку результатом и запустите задание снова.
   *[other] Ещё { $count } файлов ({ $size }) в списке не показаны; чтобы получить их, назовите их папку результатом и запустите задание снова.
}
unnamed-passed = { $count ->
    [one] { $count } файл кешей и окружений ({ $size }) не показан.
    [few] { $count } файла кешей и окружений ({ $size }) не показаны.
   *[other] { $count } файлов кешей и окружений ({ $size }) не показаны.
}
file-not-stored = Файл { $file } не удалось сохранить.
file-holds = В нём { $size }, считая пустоты.
file-holds-more = В нём больше { $size }, считая пустоты.
file-limit-of-disk = На диске сервера есть место для { $most }: уменьшите файл или освободите там место и запустите задание снова.
file-limit-of-job = У задания { $most } хранилища: уменьшите файл или попросите больше в поле «Рабочее хранилище».
download-saved-as = Сохранено как { $file }: невидимые знаки из имени убраны.
download-file = Скачать { $file }
data-cleared = Файлы этого задания удалены.
parameters-heading = Параметры
other-parameters-heading = Прочие параметры
run-again = Запустить снова

## Состояние задания

waiting-next = Следующее в очереди: начнётся, как только освободится место.
waiting-place = { $before ->
    [one] Место { $place } в очереди: перед ним { $before } задание.
    [few] Место { $place } в очереди: перед ним { $before } задания.
   *[other] Место { $place } в очереди: перед ним { $before } заданий.
}
waiting-queue = Ждёт своей очереди.
waiting-unknown = Сервис не сообщает, чего ждёт задание.
cancelled-because = Причина: { $reason }
progress-of-log = прочитано из журнала
progress-left = осталось около { $duration }
progress-left-unknown = сколько осталось, пока неизвестно
progress-curve = Ход выполнения во времени, точек: { $count }
progress-curve-hint = Ход выполнения во времени, с открытия этой страницы
timeline-heading = Ход задания
timeline-files = Файлы
timeline-queue = Очередь
timeline-environment = Окружение
timeline-run = Работа
timeline-outputs = Результаты
timeline-short = меньше 1 с
timeline-joined = Где два названия стоят вместе, сервис не сообщает, когда закончилось одно и началось другое.
failure-in-command = Ошибка произошла в команде, через { $duration }.
failure-in-outputs = Команда своё сделала; не удалось сохранить результаты, через { $duration } после начала.
failure-in-preparation = Ошибка произошла до начала команды, через { $duration }.
failure-in-run = Задание потеряно во время работы команды, через { $duration }.
failure-missing = { $count ->
    [one] Нет { $count } результата:
   *[other] Нет { $count } результатов:
}
failure-reason = { $count ->
    [1] Что о причине сказано в журнале:
    [one] Что о причине сказано в журнале, и что за чем последовало:
    [few] Что о причине сказано в журнале, и что за чем последовало:
   *[other] Что о причине сказано в журнале, и что за чем последовало:
}
failure-reason-label = Строки, которые говорят о причине
failure-stderr-label = Последние строки stderr
failure-stdout = { $count ->
    [1] Последняя строка stdout:
    [one] Последняя { $count } строка stdout:
    [few] Последние { $count } строки stdout:
   *[other] Последние { $count } строк stdout:
}
failure-stdout-label = Последние строки stdout
service-turn = Подошла очередь задания
service-begun = Команда запущена, номер процесса { $process }
service-ended = Команда завершилась с кодом { $code } через { $seconds } с
service-signal = Отмена: послан сигнал { $signal }
service-killed = Отмена: команда остановлена принудительно
service-overdue = Время вышло: команда остановлена принудительно
service-environment-kept = Окружение { $name } осталось от прежнего задания
service-environment-ready = Окружение { $name } готово
service-directory-ready = Рабочая папка готова; входных файлов: { $inputs }
service-variable-reserved = Значение переменной { $name } задаёт сервер; то, что указано в задании, не действует
service-variable-secret = Значение переменной { $name } взято из секрета проекта; то, что указано в задании, не действует
service-image-there = Образ { $name } уже есть
service-dataset-kept = Выходной датасет «{ $name }» сохранён как { $dataset }
service-left-processes = Команда оставила процессы в фоне, они завершены вместе с ней: { $processes } (дождаться их можно командой «wait»)
service-waits-for-files = Ждёт файлов и команды на запуск
service-preparing = Готовится рабочая папка
service-building = Собирается окружение: { $how }
service-build-begun = Собирается окружение { $name }: { $how } ({ $build })
service-installed = Установлено: { $packages }
service-modules-kept = Часть файлов локальных модулей совпала по именам с входными файлами или файлами других модулей; на своих местах остались прежние: { $files }
service-getting-image-by = Загружается образ { $image } с помощью { $program }
service-getting-image = Загружается образ { $image }
service-fetching-of = Загружается { $what }: { $loaded } из { $all } МБ
service-fetching = Загружается { $what }: { $loaded } МБ
service-variables-lost = Переменные с такими именами здесь не дойдут до программ: кроме bash, ни одна оболочка их не передаёт, а контейнер из особых знаков принимает только «-» и «.»: { $names }
service-running = Команда выполняется
service-time-limit = Команда выполнялась дольше { $seconds } с — предела для этого типа машины — и была остановлена; выберите тип с большим временем
service-memory-limit = Команда заняла больше { $mib } МиБ памяти — предела для этого типа машины — и была остановлена; выберите тип с большей памятью
service-storage-limit = Команда заняла больше { $mib } МиБ рабочего диска и была остановлена; запросите больше в «extended_working_storage»
service-ended-by-signal = Команда завершена сигналом { $signal }
service-progress-ignored = В файле { $file } не удалось понять строк: { $count } из { $all }; первая — { $first }. Они пропущены. Каждая строка — объект JSON, например { $example }
service-stray-option = Строка { $line } команды начинается с «{ $option }», и оболочка приняла это за программу. Закончите предыдущую строку обратной косой чертой, а в конфигурации под «cmd: >» сделайте отступы всех строк одинаковыми
service-collecting = Собираются результаты
service-left-out = В результат «{ $output }» не вошло: { $what }. Сохраняются только файлы и папки, которые можно прочитать, и ссылки на файлы самого задания, не ведущие в самих себя
service-renamed = Имена в результате «{ $output }», которые не записаны в UTF-8 (байты заменены числами): { $what }
service-dataset-too-large = Выходной датасет «{ $name }» занимает { $bytes } байт — больше заданных { $gb } ГБ; он не сохранён: запросите больший размер
service-dataset-removed = Команда удалила папку выходного датасета «{ $name }»
service-dataset-not-kept = Выходной датасет «{ $name }» не удалось сохранить: { $reason }
service-output-leads-out = Это ссылка за пределы папок задания, на «{ $target }»; пусть команда скопирует то, что там лежит
service-output-link-broken = Это ссылка на «{ $target }», но там ничего нет
service-output-link-closed = Это ссылка на «{ $target }», по которой не перейти: { $reason }
service-output-no-file = Это канал, сокет или устройство; сохранить можно только файлы и папки
service-output-replaced = На этом месте теперь что-то другое: ссылка, канал или папка
service-output-closed = Сохранить не удалось: команда закрыла эту папку для своего же пользователя; пусть перед завершением откроет её (chmod u+rwx)
service-output-not-stored = Сохранить не удалось: { $reason }
service-environment-cut-off = Сборка окружения прерывалась { $times } раза; запустите задание ещё раз
service-environment-not-built = Не удалось собрать окружение ({ $how }): { $reason }
service-environment-absent = Не удалось собрать окружение: { $reason }
service-environment-failed = Не удалось подготовить окружение: { $reason }
service-no-container = Команду нельзя запустить в контейнере: { $reason }
service-image-secret = Образ { $image } не получить: в проекте нет секрета «{ $name }»; его задаёт администратор сервера командой «jobsphere-server secret set»
service-image-absent = Образ { $image } получить не удалось: { $reason }
service-image-unknown = на этом сервере нет образа «{ $id }»: адрес для него администратор указывает в разделе «[environments.images]» своего файла (config.toml)
service-image-address = «{ $address }» — не адрес образа, такой как python:3.11
service-directory-failed = Не удалось подготовить рабочую папку: { $reason }
service-mount-unknown = на этом сервере нет подключения S3 «{ $id }»: папку для него администратор указывает в разделе «[s3_mounts]» своего файла (config.toml)
service-dataset-gone = датасет «{ $id }» удалён после создания задания; создайте задание заново с другим датасетом
service-build-too-long = сборка остановлена через { $seconds } с — таков предел этого сервера
service-build-too-large = сборка заняла больше памяти, чем разрешено на этом сервере («build_memory_gb»), и была остановлена
service-build-ended = сборку остановили извне
service-shell-failed = не удалось запустить оболочку: { $reason }
service-disk-full = Журнал не удалось записать, и команда остановлена: на диске сервера нет места. Освободите место и запустите задание ещё раз
service-log-failed = Журнал не удалось записать, и команда остановлена: { $reason }
service-lost = Процесс, который выполнял команду, пропал: машину перезапустили или процесс остановили. Команда не запущена заново, потому что могла сделать часть работы; запустите задание ещё раз.
service-server-failed = Серверу не удалось выполнить задание: { $reason }
code-general = Этот код означает любую ошибку; какую именно, говорит сама программа.
code-silent = Этот код означает любую ошибку, а сама программа ничего не сказала.
code-timed-out = Вышло время, которое дала ей команда timeout.
code-permission = Файл нельзя запустить как программу: запустите его тем, что его выполняет, например bash ФАЙЛ, или сделайте исполняемым.
code-interpreter = Первая строка скрипта называет программу, которой нет; часто дело в переводах строк Windows.
code-usage = Этот код обычно означает, что программа не поняла свои аргументы.
code-not-executable = Команда найдена, но её нельзя запустить: это папка или программа для другой машины.
code-not-found = Такой команды нет. Проверьте её имя и установлена ли она там, где работает задание.
code-signal = Команду завершил { $signal }.
code-killed = Команду убил SIGKILL; чаще всего не хватило памяти.
code-segfault = Команду завершил SIGSEGV: программа обратилась к чужой памяти.
cancel-heading = Отменить задание?
cancel-graceful = Программе будет послан { $signal }. На завершение у неё { $duration }, потом она будет убита.
cancel-graceful-endless = Программе будет послан { $signal }; завершаться она может сколько нужно.
cancel-kill = Программа будет убита сразу: мягкой остановки у задания нет.
cancel-before = Команда ещё не началась, поэтому ничего не пропадёт.
cancel-keeps = Записанное до этого сохранится.
cancel-reason-label = Причина, если хотите
cancel-gracefully = Остановить мягко
cancel-kill-now = Убить сейчас
cancel-take-out = Отменить задание
cancel-keep-running = Пусть работает
cancelling-asked = Программе послан { $signal }.
cancelling-killed = Программу убивают; записанное собирается.
cancelling-unknown = Сервис попросили завершить задание.
cancelling-seconds = { $seconds ->
    [0] Сейчас она будет убита.
    [one] Через { $seconds } секунду она будет убита, если не завершится раньше.
    [few] Через { $seconds } секунды она будет убита, если не завершится раньше.
   *[other] Через { $seconds } секунд она будет убита, если не завершится раньше.
}
cancelling-endless = У неё столько времени, сколько ей нужно.
notice-ask = Сообщить о конце
notice-wanted = Когда задание закончится, придёт уведомление, если эта вкладка открыта.
notice-denied = Браузер не разрешает уведомления этой странице. Разрешите их в настройках страницы, слева в строке адреса, и нажмите снова.
notice-missing = Браузер не показывает уведомлений этой страницы: нужно шифрованное соединение, а на телефоне — установленное приложение.
notice-failed = Браузер не показал уведомление.
notice-done = Готово за { $duration }
print-log = Строки лога не напечатаны; их можно сохранить на странице.
print-frame = Этот документ вместе со страницей не печатается: скачайте его и напечатайте отдельно.
print-more = { $count ->
    [one] Ещё { $count } не показан.
    [few] Ещё { $count } не показаны.
   *[other] Ещё { $count } не показано.
}
print-left-out = Здесь нет строк лога и содержимого результатов, кроме того, что было открыто.
print-source = { $address }, напечатано { $time }
## Результаты задания

preview-file = Посмотреть { $file }
preview-of = { $file }
preview-close = Закрыть
preview-extent = Показаны первые { $read } из { $size }.
preview-more = Прочитать { $size }
preview-whole = Загрузить целиком, { $size }
preview-too-large = Файл слишком велик, чтобы показать его здесь. Скачайте его.
preview-empty = Файл пуст.
preview-mark = Файл пуст: в нём только метка кодировки.
preview-blank = В файле только пробелы и концы строк.
preview-absent = Файла { $file } среди результатов не нашлось.
read-as = Прочитано как { $encoding }.
read-guessed = Прочитано как { $encoding }: кодировка угадана по буквам.
read-cells = Границы ячеек: { $mark }.
read-faults = Некоторым байтам в этой кодировке не соответствует ни одна буква; на их месте стоит �.
reading-encoding = Кодировка
reading-find = определить
reading-found = { $name }, определена
reading-cells = Границы ячеек
cells-comma = запятые
cells-semicolon = точки с запятой
cells-tab = табуляции
cells-bar = вертикальные черты
cells-blanks = пробелы
cells-uncut = не делить, показать текстом
preview-binary = Файлы этого вида не показываются. Скачайте его.
preview-document = Документ
preview-html = Показано без скриптов, стилей и всего, что загружается из сети.
document-picture = изображение по адресу { $address }, не загружено
document-picture-waiting = картинка { $address } загружается
document-picture-missing = картинки { $address } нет среди результатов
document-picture-large = картинка { $address } слишком велика, { $size }; откройте её отдельно
content-unreadable = Содержимое не удалось прочитать.
digest-copy = Копировать
digest-copied = SHA-256 скопирован
use-as-input = Сделать входом
use-as-input-of = Сделать входом нового задания: { $file }
folder-as-zip = папка в ZIP, { $size }
archive-empty = В ней нет файлов.
archive-too-many = В ней больше { $count } файлов; скачайте её.
entry-too-large = Только со всей папкой
file-nearest = Ближайшее имя — { $file }.
log-not-found = Журнала { $file } нет.
download-all = { $count ->
    [one] Скачать { $count } результат в ZIP, { $size }
    [few] Скачать все { $count } результата одним ZIP, { $size }
   *[other] Скачать все { $count } результатов одним ZIP, { $size }
}
archive-stop = Остановить
archive-progress-label = Ход создания ZIP
archive-progress = { $done } из { $total }
archive-failed = ZIP не создан: его не удалось записать.
archive-done = { $count ->
    [one] В ZIP { $count } результат, он проверен.
    [few] В ZIP { $count } результата, каждый проверен.
   *[other] В ZIP { $count } результатов, каждый проверен.
}
archive-renamed = { $count ->
    [one] В { $count } имени внутри ZIP невидимые знаки заменены на «_».
    [few] В { $count } именах внутри ZIP невидимые знаки заменены на «_».
   *[other] В { $count } именах внутри ZIP невидимые знаки заменены на «_».
}
archive-missing = { $count ->
    [one] { $count } в него не вошёл, см. { $file } внутри:
    [few] { $count } в него не вошли, см. { $file } внутри:
   *[other] { $count } в него не вошли, см. { $file } внутри:
}
table-label = Таблица
table-uneven = { $count ->
    [one] В { $count } строке ячеек больше или меньше, чем столбцов.
    [few] В { $count } строках ячеек больше или меньше, чем столбцов.
   *[other] В { $count } строках ячеек больше или меньше, чем столбцов.
}
table-unsure = Считаются словами, потому что числа в них можно прочесть двояко: { $columns }
table-column = Столбец { $number }
table-rows = { $total ->
    [one] { $shown } из { $total } строки
    [few] { $shown } из { $total } строк
   *[other] { $shown } из { $total } строк
}
table-rows-read = { $total ->
    [one] { $shown } из { $total } прочитанной строки
    [few] { $shown } из { $total } прочитанных строк
   *[other] { $shown } из { $total } прочитанных строк
}
table-columns-hidden = { $count ->
    [one] Ещё { $count } столбец не показан.
    [few] Ещё { $count } столбца не показаны.
   *[other] Ещё { $count } столбцов не показаны.
}
table-more = { $count ->
    [one] Показать ещё { $count } строку
    [few] Показать ещё { $count } строки
   *[other] Показать ещё { $count } строк
}
plot-heading = График столбца
plot-y = Значения
plot-x = По оси
plot-row = номер строки
plot-gaps = { $count ->
    [one] Без числа { $count } ячейка, она не учтена.
    [few] Без числа { $count } ячейки, они не учтены.
   *[other] Без числа { $count } ячеек, они не учтены.
}
plot-partial = Учтены только прочитанные строки.
plot-said = { $column }: { $count ->
    [one] { $count } число
    [few] { $count } числа
   *[other] { $count } чисел
} от { $min } до { $max }, среднее { $mean }
input-taken = { $count ->
    [one] { $count } результат стал входом; отправлять его не нужно
    [few] { $count } результата стали входами; отправлять их не нужно
   *[other] { $count } результатов стали входами; отправлять их не нужно
}
input-gone = { $file } не может быть входом: сервис его больше не хранит.
input-to-draft = Добавить в черновик, который вы писали

## Журнал

log-heading = Журнал
log-follow = К концу
log-below = { $count ->
    [one] { $count } новая строка ниже
    [few] { $count } новые строки ниже
    [many] { $count } новых строк ниже
   *[other] { $count } новой строки ниже
}
log-not-begun = Журнал начнётся вместе с заданием.
log-connecting = Запрашиваем журнал…
log-waiting = Ждём первую строку…
log-held-back = Сервер отвечает, но что-то по пути к нему (например, прокси) задерживает журнал: строки придут позже или только в конце задания. Тот, кто отвечает за прокси, может отключить в нём буферизацию.
log-empty = Команда ничего не напечатала.
log-so-far = { $count ->
    [one] Пока { $count } строка
    [few] Пока { $count } строки
    [many] Пока { $count } строк
   *[other] Пока { $count } строки
}
log-ahead = { $count ->
    [one] Конец; из строк до него прочитана { $count }
    [few] Конец; из строк до него прочитано { $count }
    [many] Конец; из строк до него прочитано { $count }
   *[other] Конец; из строк до него прочитано { $count }
}
log-complete = { $count ->
    [one] { $count } строка, полностью
    [few] { $count } строки, полностью
    [many] { $count } строк, полностью
   *[other] { $count } строки, полностью
}
log-full = { $count ->
    [one] { $count } строка; хранить больше браузеру негде
    [few] { $count } строки; хранить больше браузеру негде
    [many] { $count } строк; хранить больше браузеру негде
   *[other] { $count } строки; хранить больше браузеру негде
}
log-broken-off = { $count ->
    [one] Прочитана { $count } строка
    [few] Прочитаны { $count } строки
    [many] Прочитано { $count } строк
   *[other] Прочитано { $count } строки
}
log-lost = { $seconds ->
    [0] Связь потеряна. Пробуем снова…
    [one] Связь потеряна. Следующая попытка через { $seconds } секунду
    [few] Связь потеряна. Следующая попытка через { $seconds } секунды
    [many] Связь потеряна. Следующая попытка через { $seconds } секунд
   *[other] Связь потеряна. Следующая попытка через { $seconds } секунды
}
log-retry = Сейчас же
log-try-again = Попробовать снова
log-sources = Источники
log-filtered = { $count ->
    [one] Показано { $rows } из { $count } строки
   *[other] Показано { $rows } из { $count } строк
}
log-filtered-none = { $count ->
    [one] Подходит 0 из { $count } строки
   *[other] Подходит 0 из { $count } строк
}
log-show-all = Показать все строки
log-note-close = Закрыть
log-find-label = Найти во всём журнале
log-find-case = Различать большие и малые буквы
log-find-regex = Регулярное выражение
log-find-previous = Предыдущее совпадение
log-find-next = Следующее совпадение
log-match-of = { $rank } из { $count }
log-matches = { $count ->
    [one] Подходит { $count } строка
    [few] Подходят { $count } строки
    [many] Подходит { $count } строк
   *[other] Подходит { $count } строки
}
log-matches-none = { $lines ->
    [one] Подходит 0 из { $lines } строки
   *[other] Подходит 0 из { $lines } строк
}
log-matches-so-far = { $count ->
    [one] Подходит { $count } строка; просмотрено { $share }
    [few] Подходят { $count } строки; просмотрено { $share }
    [many] Подходит { $count } строк; просмотрено { $share }
   *[other] Подходит { $count } строки; просмотрено { $share }
}
log-only-label = Какие строки показаны
log-only-off = Все строки
log-only = { $count ->
    [0] Только совпадения
    [one] Совпадения и { $count } строка вокруг
    [few] Совпадения и { $count } строки вокруг
    [many] Совпадения и { $count } строк вокруг
   *[other] Совпадения и { $count } строки вокруг
}
log-skipped = ⋯ { $count }
log-binary = не текст
log-group = { $count ->
    [one] { $count } строка
    [few] { $count } строки
    [many] { $count } строк
   *[other] { $count } строки
}
log-states = { $count ->
    [one] { $count } состояние раньше
    [few] { $count } состояния раньше
    [many] { $count } состояний раньше
   *[other] { $count } состояния раньше
}
log-cut = … ещё { $size }
log-next-error = { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
    [many] { $count } ошибок
   *[other] { $count } ошибки
}
log-previous-error = Предыдущая ошибка
log-times-label = Время
log-times-off = Без времени
log-times-clock = Время суток
log-times-start = От начала
log-times-gap = Пауза перед строкой
log-wrap = Переносить
log-tall = Во всю высоту
log-take = Копировать, сохранить
log-more = Ещё
log-history = Все состояния меняющихся строк
log-aloud = Говорить, что приходит
log-keys = Клавиши
log-copy-heading = Копировать
log-copy-link = Копировать ссылку
log-copy-all = Копировать все строки
log-copy-marked = Копировать отмеченные строки
log-report-all = Копировать всё для отчёта об ошибке
log-report-marked = Копировать отмеченное для отчёта об ошибке
log-open-text = Открыть как простой текст
log-save-heading = Сохранить
log-save-plain = Как текст, { $size }
log-save-gzip = Сжатым, из { $size }
log-save-json = Строками JSON с временем, из { $size }
log-save-source = { $source } байт в байт, { $size }
log-saved = Файл { $name } сохранён.
log-not-saved = Журнал не удалось сохранить. { $error }
log-copied = { $count ->
    [one] Скопирована { $count } строка.
    [few] Скопированы { $count } строки.
    [many] Скопировано { $count } строк.
   *[other] Скопировано { $count } строки.
}
log-left-out = { $count ->
    [one] { $count } строка не вошла: текст стал слишком длинным.
    [few] { $count } строки не вошли: текст стал слишком длинным.
    [many] { $count } строк не вошло: текст стал слишком длинным.
   *[other] { $count } строки не вошло: текст стал слишком длинным.
}
log-link-copied = Ссылка скопирована.
log-tab-refused = Браузер не открыл новую вкладку.
log-no-such-place = В журнале нет такого места.
log-new-lines = { $count ->
    [one] { $count } новая строка
    [few] { $count } новые строки
    [many] { $count } новых строк
   *[other] { $count } новой строки
}
log-new-errors = { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
    [many] { $count } ошибок
   *[other] { $count } ошибки
}
log-keys-heading = Клавиши журнала
log-keys-hint = Они действуют, пока курсор не стоит в поле ввода.
log-keys-on = Одиночные клавиши включены
log-keys-close = Закрыть
log-key-find = найти
log-key-matches = следующее и предыдущее совпадение
log-key-errors = следующая и предыдущая ошибка
log-key-ends = первая строка, следить за концом
log-key-mark = отметить строку ниже, выше
log-key-draw-out = расширить отметку вниз, вверх
log-key-copy-link = копировать ссылку на отмеченное
log-key-times = сменить вид времени
log-key-wrap = переносить длинные строки
log-key-tall = во всю высоту
log-key-sheet = этот список

## Запуски задания и сравнение

change-added = { $after } (раньше не было)
change-removed = больше нет (было { $before })
change-replaced = { $before } → { $after }
lineage-heading = Запуски этого задания
lineage-looking = Ищем запуски; просмотрено { $count ->
    [one] { $count } задание
    [few] { $count } задания
   *[other] { $count } заданий
} проекта
lineage-alone = Оно не скопировано с другого задания, и с него ничего не скопировано.
lineage-cut = Просмотрены только новейшие задания проекта ({ $count }); более ранних запусков здесь может не быть.
lineage-all = { $count ->
    [one] Показать { $count } запуск
    [few] Показать все { $count } запуска
   *[other] Показать все { $count } запусков
}
lineage-compare-all = Сравнить эти запуски
lineage-compare = Сравнить с этим
lineage-compare-label = Сравнить с этим: запуск { $number }
lineage-this = это задание
lineage-changed = Изменено по сравнению с запуском { $number }:
lineage-unchanged = То же, что запуск { $number }
lineage-more = { $count ->
    [one] и ещё { $count } изменение
    [few] и ещё { $count } изменения
   *[other] и ещё { $count } изменений
}
lineage-orphan = Задания, с которого оно скопировано, больше нет, или оно вам не видно.
compare-title = Сравнение заданий
compare-jobs = Сравниваемые задания
compare-jobs-count = { $count ->
    [one] { $count } задание
    [few] { $count } задания
   *[many] { $count } заданий
}
compare-runs-heading = Параметры и итоговые числа
compare-runs-left-out = { $count ->
    [one] Напечатано ещё { $count } имя; его график ниже.
    [few] Напечатано ещё { $count } имени; их графики ниже.
   *[many] Напечатано ещё { $count } имён; их графики ниже.
}
compare-beside = Подробные отличия показаны для первых { $count } заданий. Чтобы увидеть остальные, уберите лишние выше.
compare-too-few = Добавьте второе задание, чтобы увидеть отличия.
compare-is-base = с ним сравниваются остальные
compare-make-base = Сравнивать с этим
compare-make-base-label = Сравнивать с этим: задание { $letter }
compare-remove = Убрать
compare-remove-label = Убрать задание { $letter }
compare-add = Добавить задание
compare-offer = Из проекта
compare-choose = Выберите задание
compare-related = Запуски того же задания
compare-latest = Последние задания
compare-id = Идентификатор или адрес задания
compare-add-id = Добавить
compare-pair = { $other } по сравнению с { $first }
compare-verdict-heading = Коротко
compare-group-result = Состояние и итог
compare-group-outputs = Результаты
compare-group-environment = Python, пакеты, образ
compare-group-about = Название и описание
compare-return-code = Код возврата
compare-waited = До начала
compare-ran = Время работы
compare-differs-heading = Что отличается
compare-all-heading = Всё
compare-show-all = Показать и одинаковое ({ $count })
compare-nothing-differs = Записанное ни в чём не отличается.
compare-same = одинаково
compare-same-bytes = те же байты
compare-other-bytes = другие байты
compare-only-here = в A этого нет
compare-not-made = не создан
compare-log-heading = Первая отличающаяся строка журнала
compare-log-ignore = Не учитывать время и числа
compare-log-waiting = { $stream }: ещё не прочитан.
compare-log-reading = { $stream } читается; пока { $count ->
    [one] совпала { $count } строка
    [few] совпали { $count } строки
   *[other] совпало { $count } строк
}.
compare-log-same = { $stream } совпадает до конца: { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[other] { $count } строк
}.
compare-log-same-bytes = { $stream } совпадает до конца: сохранённые файлы — те же байты.
compare-log-empty = { $stream } пуст в обоих.
compare-log-parts = { $stream } отличается начиная со строки { $number }.
compare-log-gone = { $stream } сравнить нельзя: данные { $letter } удалены.
compare-log-failed = { $stream } задания { $letter } не читается.
compare-log-open = Открыть в журнале
compare-log-open-label = Открыть в журнале { $letter }
compare-log-ended = здесь журнал кончается
compare-curves-heading = Кривые
compare-curves-hint = Время отсчитывается от начала работы каждого задания. Наведите указатель на момент или перейдите к нему стрелками, чтобы увидеть значения.
compare-curves-hint-place = Наведите указатель на место оси или перейдите к нему стрелками, чтобы увидеть значения. Значение держится, пока запуск не сообщит следующее.
compare-curves-job = Задание
compare-curves-last = Последнее
compare-curves-at = На { $time }
compare-curves-low = Минимум
compare-curves-high = Максимум
compare-curves-none = Чисел с одинаковыми именами в журналах нет.
compare-curves-same = От начала до конца совпадают: { $names }.
compare-curves-only = Только { $letter } печатает: { $names }.
compare-curves-waiting = Журнал { $letter } ждёт своей очереди.
compare-curves-reading = Журнал { $letter } читается: пока { $size }.
compare-curves-following = { $letter } ещё работает, и кривые растут.
compare-curves-lost = Журнал { $letter } сейчас недоступен; попытка повторится.
compare-curves-gone = У { $letter } кривых нет: журнала больше нет.
compare-curves-failed = Журнал { $letter } не читается.
compare-curves-cut = Журнал { $letter } удалось прочитать только частично: { $size }.
verdict-inputs = Отличаются входные файлы: { $names }.
verdict-command = Отличается команда.
verdict-arguments = Отличаются аргументы: { $names }.
verdict-environment = Отличается окружение: { $names }.
verdict-variables = Отличаются переменные окружения: { $names }.
verdict-machine = Отличается машина: { $names }.
verdict-other = Отличаются другие параметры: { $names }.
verdict-same-input = На входе всё одинаково: команда, аргументы, файлы, окружение.
verdict-then = Затем { $sentence }
verdict-same-log = Журналы совпадают.
verdict-status = { $first }: { $own }. { $other }: { $theirs }.
verdict-outputs = Отличаются результаты: { $names }.
verdict-same-outputs = Те же байты в обоих: { $names }.
verdict-unsteady = Значит, сама программа от запуска к запуску даёт разное: из-за случайности, времени или того, что она берёт извне.
verdict-more = { $names } и ещё { $count }

## Связь и ошибки

connection-lost = Связь с сервером потеряна. То, что вы видите, могло устареть.
connection-retry = { $seconds ->
    [0] Пробуем снова…
    [one] Новая попытка через { $seconds } секунду.
    [few] Новая попытка через { $seconds } секунды.
   *[other] Новая попытка через { $seconds } секунд.
}
between-unnamed = Что-то неизвестное
between-size = Между этой страницей и сервером стоит { $server } и не пропускает запросы такого размера (HTTP 413). Ограничение может поднять тот, кто за это отвечает; в nginx это client_max_body_size.
between-other = Между этой страницей и сервером стоит { $server } и отвечает вместо сервера (HTTP { $status }). Причину знает тот, кто за это отвечает.
error-details = Подробности
error-unavailable = Сервер не отвечает. Проверьте, что он запущен, и повторите.
error-not-found = Здесь ничего нет: удалено, адрес неверен или смотреть это вам нельзя.
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
rule-too-many = Больше { $max } записей
rule-too-many-inputs = Входных файлов больше { $max }: перетащите папку с ними как один вход
rule-too-many-outputs = Результатов больше { $max }: пусть команда складывает их в папку, укажите её как один результат
rule-id = Нужно от 1 до 50 латинских букв, цифр, - или _
rule-nul = Не может содержать знак NUL
rule-variable-name = «{ $name }» — не имя переменной: нужно от 1 до 50 латинских букв, цифр, - или _
rule-variable-reserved = Имя { $name } занято; выберите другое
rule-variable-repeated = Переменная { $name } использована больше одного раза
rule-variable-unknown = { $name } не определена: дайте эту переменную входному файлу, результату или аргументу, или напишите { $shell }, если это переменная оболочки
rule-not-a-variable = { $text } — не переменная задания: переменные оболочки пишут как $ИМЯ, а то, что можно сказать только скобками, вынесите в скрипт, который запускает команда
rule-project-disk-missing = Для DS_PROJECT_HOME нужен диск проекта
rule-env-name = «{ $name }» — не имя переменной окружения: в нём не должно быть «=», пробелов и управляющих символов
rule-env-repeated = Это имя использовано больше одного раза
rule-path-absolute = Путь абсолютный: сделайте его относительным или дайте ему переменную
rule-path-parent = Путь ведёт наружу через «..»: сделайте его относительным или дайте ему переменную
rule-path-names-nothing = Не указывает ни на файл, ни на папку: дайте путь к ним
rule-output-is-working-directory = Это сама рабочая папка со всеми входными файлами: назовите файлы или папки, которые создаёт команда
rule-output-in-file = Лежит внутри входного «{ $input }», а это файл
rule-env-too-large = Переменные вместе больше { $max }: положите большие во входные файлы
rule-filled-too-long = Длиннее { $max } байт, когда подставлены переменные: вынесите часть во входной файл
rule-variable-misplaced = В строке { $line } «{ $name }» стоит там, где нельзя записать путь с пробелами, кавычками и другими знаками, которые читает оболочка: дайте файлу простое имя или поставьте переменную отдельным словом
rule-path-too-long = Путь или имя в нём слишком длинны
rule-path-repeated = Путь { $path } указан дважды
rule-name-repeated = Имя { $name } указано дважды
rule-path-nested = Лежит внутри { $outer }, а эта папка тоже в списке
rule-not-in-source = В исходном задании нет имени «{ $name }»
rule-sha256 = Файл не прочитан; выберите его снова
rule-negative = Не может быть отрицательным
rule-too-large = Должно быть не больше { $max }
rule-nanos = Должно быть целым числом наносекунд меньше секунды
rule-request-too-large = Тексты задания вместе больше { $max }: большим место во входных файлах
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

## Кривые запуска
charts-heading = Показатели
charts-choose = Какие кривые показать
charts-hint = Наведите указатель на кривую, чтобы увидеть этот момент на всех; нажмите на неё или Enter, чтобы увидеть журнал в этот момент.
axis-choose = По какой оси строить кривые
axis-time = Время
axis-step = Шаг
axis-epoch = Эпоха
axis-log = Логарифмическая шкала
axis-at-step = шаг { $number }
axis-at-epoch = эпоха { $number }
axis-left-out = На логарифмической шкале нет места для нуля и отрицательных значений: там кривая прерывается.
series-cpu = Процессор
series-memory = Память
series-disk-read = Чтение с диска
series-disk-write = Запись на диск
series-network-receive = Сеть, приём (вся машина)
series-network-send = Сеть, передача (вся машина)
series-gpu-use = Загрузка
series-gpu-memory-total = Память всего
series-temperature = Температура
series-power = Мощность
series-processes = Процессы
series-other = Прочее
series-of-gpu = GPU { $gpu }: { $series }
value-per-second = { $value }/с
value-celsius = { $value } °C
value-watts = { $value } Вт
## Общий доступ
nav-shares = Ссылки
share = Поделиться
share-title = Поделиться заданием
share-intro = Ссылка показывает это задание тому, у кого она есть: только для чтения и без учётной записи. Видно лишь то, что отмечено здесь, и вживую, пока задание идёт.
share-parts = Что показывает ссылка
share-parts-hint = Имя и состояние видны всегда.
share-log = Журнал
share-parameters = Параметры: команда, аргументы, входы по имени и хешу
share-env-values = Значения переменных окружения
share-env-values-hint = Остальные видны только по именам.
share-outputs = Выходы
share-outputs-hint = Отдаются как есть; изображения и таблицы показываются на странице.
share-public = Что видно без секрета
share-public-hint = Страницы с предпросмотром или значком знают только адрес ссылки, но не её секрет.
share-preview = Предпросмотр ссылки может назвать имя и состояние
share-badge = Есть значок с именем и состоянием
share-embed = Чужие страницы могут показывать задание во фрейме
share-expiry = Ссылка действует
share-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}
share-hidden = Скрыть также эти тексты
share-hidden-hint = По одному в строке. Каждый заменяется звёздочками в журнале и параметрах.
share-review = Поискать секреты
share-review-hint = Ничего не публикуется, пока вы не увидели, что найдено.
share-create = Создать ссылку
share-made = Ссылка создана
share-reaches-nobody = Ссылка начинается с { $origin } — это адрес самого компьютера, больше никто её не откроет. Откройте эту страницу по адресу, который доступен другим, и создайте ссылку там.
share-made-hint = Скопируйте её сейчас: секрет нигде не хранится, и показать его ещё раз нельзя.
share-link = Ссылка
share-open = Открыть так, как её видят другие
share-badge-code = Значок, Markdown
share-embed-code = Фрейм, HTML
copy = Копировать
copied = Скопировано
shares-title = Ссылки
shares-hint = Ссылки только для чтения на задания этого проекта — для тех, у кого нет доступа.
shares-of-job = Ссылки на это задание
shares-none = Ссылок нет.
shares-cut = Более старые ссылки не показаны.
share-created = Создана
share-maker = Кем
share-expires = Действует до
share-last-use = Последнее обращение
share-never-used = не было
share-uses = { $count ->
    [one] открыта { $count } раз
    [few] открыта { $count } раза
   *[other] открыта { $count } раз
}
share-revoke = Отозвать
share-revoke-one = Отозвать ссылку { $id }
share-revoke-all = Отозвать все
share-expired = Истекла
share-revoked = Отозвана
part-state = состояние
part-log = журнал
part-parameters = параметры
part-env-values = { $count ->
    [one] { $count } значение переменной
    [few] { $count } значения переменных
   *[other] { $count } значений переменных
}
part-outputs = { $count ->
    [one] { $count } выход
    [few] { $count } выхода
   *[other] { $count } выходов
}
findings-heading = Что найдено
findings-none = Ничего похожего на секрет в том, что покажет ссылка, нет. Всё же посмотрите сами.
findings-count = { $count ->
    [one] { $count } место похоже на секрет.
    [few] { $count } места похожи на секреты.
   *[other] { $count } мест похожи на секреты.
}
findings-in-outputs = Выходы отдаются как есть: секреты в них не скрываются. Снимите отметку с файлов, которые не для всех.
findings-log-cut = Журнал длиннее просмотренного. Остальное тоже очищается, когда его показывают.
findings-unread = Не просмотрены или просмотрены частично: { $files }
findings-short = Слишком короткие значения, которые не ищутся: { $names }
findings-more = { $count ->
    [one] Ещё { $count } не показано.
   *[other] Ещё { $count } не показано.
}
finding-kind = Похоже на
finding-place = Где
finding-excerpt = Рядом
finding-result = Другие увидят
finding-hidden = звёздочки
finding-shown = сам текст
finding-in-log = { $source }, строка { $line }
finding-in-output = { $file }, строка { $line }
finding-project-secret = секрет проекта
finding-env-value = значение переменной
finding-hidden-text = названный вами текст
finding-jwt = JSON Web Token
finding-private-key = закрытый ключ
finding-service-token = токен сервиса
finding-url-query = токен в адресе
finding-url-password = пароль в адресе
finding-authorization = заголовок Authorization
finding-assignment = пароль или ключ
finding-other = что-то другое
shared-title = Задание по ссылке
shared-read-only = Показано по ссылке, только для чтения
shared-gone = Эта ссылка ничего не показывает
shared-gone-hint = Она могла истечь, её могли отозвать, или она обрезана. Попросите новую у того, кто её прислал.
shared-link-ends = Ссылка действует до
shared-hidden-env = Значения, которые не показаны: { $names }
shared-looks = Изображения и таблицы
shared-output-missing = нет
shared-output-coming = Загружается…
shared-output-checked = Сохранён; его хеш совпадает с показанным
shared-output-differs = Не сохранён: его хеш не совпадает с показанным
shared-output-failed = Не загрузился: { $reason }
copy-save = Сохранить копию
copy-save-hint = Один файл с тем, что здесь показано; открывается без сервера.
copy-save-failed = Копия не сохранена: { $reason }
copy-output-too-large = слишком велик для этой копии
copy-other-bytes = хеш не тот, который должен быть
copy-return-code = Код возврата
copy-made = Копия, сделана { $time }.
copy-left-out = { $count ->
    [one] Ещё { $count } строки нет в этой копии.
   *[other] Ещё { $count } строк нет в этой копии.
}
