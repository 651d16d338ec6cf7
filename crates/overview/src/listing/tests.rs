use prost::Message;
use prost_types::Timestamp;

use super::*;
use crate::api::{
    jobs::{Argument, CloudInstanceType, Environment, File, Job, JobParameters, JobStatus, PythonEnv},
    sha256::Sha256,
};

fn file(content: &str, size_bytes: i64) -> File {
    File {
        sha256: Sha256::of(content.as_bytes()).to_string(),
        size_bytes,
        ..File::default()
    }
}

fn job(number: i64) -> Job {
    let status = if number % 3 == 0 {
        JobStatus::Error
    } else {
        JobStatus::Success
    };
    Job {
        id: format!("job{number:04}"),
        name: format!("Обучение {}", number % 10),
        status: status.into(),
        status_details: "The command returned 7".into(),
        created_at: Some(Timestamp {
            seconds: number,
            nanos: 0,
        }),
        started_at: Some(Timestamp { seconds: 0, nanos: 0 }),
        finished_at: Some(Timestamp {
            seconds: (number * 7) % 101,
            nanos: 0,
        }),
        ..Job::default()
    }
}

/// As the list reads it from the wire.
fn listed(job: &Job) -> ListedJob {
    ListedJob::decode(job.encode_to_vec().as_slice()).unwrap()
}

fn page(numbers: impl IntoIterator<Item = i64>) -> Vec<ListedJob> {
    numbers.into_iter().map(|number| listed(&job(number))).collect()
}

fn ids(index: &Index) -> Vec<&str> {
    index
        .newest_first()
        .filter_map(|slot| Some(&*index.row(slot)?.id))
        .collect()
}

fn search(index: &Index, asked: &str, work: usize) -> Found {
    let query = Query::parse(asked);
    let bounds = query
        .period
        .bounds(0, |day, end| (i64::from(day.day) + i64::from(end)) * 1000);
    let mut search = Search::new(query, bounds, 0, i64::MAX, index);
    loop {
        if let Some(found) = search.step(index, work) {
            return found;
        }
    }
}

fn found(index: &Index, asked: &str) -> Vec<String> {
    let found = search(index, asked, 3);
    found
        .slots
        .iter()
        .map(|slot| index.row(*slot).unwrap().id.clone())
        .collect()
}

#[test]
fn a_listed_job_is_the_job_with_fewer_fields() {
    let whole = Job {
        desc: "d".into(),
        created_by_id: "me".into(),
        config: "cmd: x".repeat(1000),
        parent_job_id: "parent".into(),
        data_cleared: true,
        data_size_bytes: 9,
        data_expires_at: Some(Timestamp { seconds: 5, nanos: 0 }),
        actual_cloud_instance_type: Some(CloudInstanceType { name: "c1.4".into() }),
        output_files: vec![file("out", 1)],
        log_files: vec![file("log", 2)],
        diagnostic_files: vec![file("stats", 3)],
        job_parameters: Some(JobParameters {
            cmd: "x".into(),
            input_files: vec![file("in", 4)],
            env: Some(Environment {
                python_env: Some(PythonEnv {
                    local_modules: vec![file("module", 5)],
                    ..PythonEnv::default()
                }),
                ..Environment::default()
            }),
            ..JobParameters::default()
        }),
        ..job(3)
    };
    let mut index = Index::default();
    let job = listed(&whole);
    let sizes: Vec<_> = job.files().map(|file| file.size_bytes).collect();
    assert_eq!(sizes, [4, 5, 1, 2, 3]);
    index.take(&[job], None, true);
    let row = index.row(0).unwrap();
    assert_eq!(
        (&*row.author, &*row.parent, &*row.instance, &*row.desc),
        ("me", "parent", "c1.4", "d")
    );
    assert_eq!((row.status, row.cleared, row.size_bytes), (JobStatus::Error, true, 9));
    assert_eq!(
        (row.created_ms, row.finished_ms, row.expires_ms),
        (Some(3000), Some(21_000), Some(5000))
    );
    assert_eq!(row.return_code(), Some(7));
}

#[test]
fn stretches_join_and_show_what_is_new_and_what_is_gone() {
    let mut index = Index::default();
    let after = index.take(&page([9, 8, 7]), None, false);
    let after = index.take(&page([6, 5]), after, false);
    index.take(&page([4]), after, true);
    assert_eq!(
        ids(&index),
        ["job0009", "job0008", "job0007", "job0006", "job0005", "job0004"]
    );
    let seven = index.slot_of("job0007").unwrap();
    // 11 and 10 are new, 8 is gone.
    let after = index.take(&page([11, 10, 9, 7]), None, false);
    assert_eq!(
        ids(&index),
        [
            "job0011", "job0010", "job0009", "job0007", "job0006", "job0005", "job0004"
        ]
    );
    assert_eq!(index.slot_of("job0007"), Some(seven), "a row keeps its place");
    // 6 and 4 are gone.
    index.take(&page([5]), after, true);
    assert_eq!(ids(&index), ["job0011", "job0010", "job0009", "job0007", "job0005"]);
    // Everything is new.
    index.take(&page([14, 13]), None, true);
    assert_eq!(ids(&index), ["job0014", "job0013"]);
    index.take(&[], None, true);
    assert!(index.is_empty());
}

#[test]
fn a_row_changes_where_it_stands() {
    let mut index = Index::default();
    let running = Job {
        status: JobStatus::Executing.into(),
        ..job(2)
    };
    index.take(&[listed(&running), listed(&job(1))], None, true);
    assert_eq!(index.unfinished().collect::<Vec<_>>(), [0]);
    let before = index.version();
    assert!(index.put(&listed(&running)));
    assert_eq!(index.version(), before, "nothing has changed");
    index.put(&listed(&job(2)));
    assert_ne!(index.version(), before);
    assert_eq!(index.unfinished().count(), 0);
    assert!(!index.put(&listed(&job(3))), "it is not known");
}

#[test]
fn shared_contents_stay() {
    let mut index = Index::default();
    let holding = |number, files: &[(&str, i64)]| {
        listed(&Job {
            output_files: files.iter().map(|(content, size)| file(content, *size)).collect(),
            ..job(number)
        })
    };
    let copied = Job {
        parent_job_id: "job0002".into(),
        ..job(3)
    };
    index.take(
        &[
            listed(&copied),
            holding(2, &[("a", 10), ("b", 5)]),
            holding(1, &[("a", 10)]),
        ],
        None,
        true,
    );
    let (two, one) = (index.slot_of("job0002").unwrap(), index.slot_of("job0001").unwrap());
    assert_eq!(
        (index.freed_by(&[two]).freed_bytes, index.freed_by(&[two]).kept_bytes),
        (5, 10)
    );
    assert_eq!(index.freed_by(&[one, two]).freed_bytes, 15);
    assert_eq!(index.copies_of(&[two]), 1);
    index.change(one, |row| row.cleared = true);
    assert_eq!(index.freed_by(&[two]).freed_bytes, 15);
    index.remove(two);
    assert_eq!(index.held_bytes(), 0);
}

#[test]
fn an_address_says_what_is_asked_and_is_read_back() {
    for asked in [
        "",
        "q=lr%3D0.1+%D0%B4%D0%B0&state=executing,error&since=7d&instance=c1.4&sort=-duration&columns=name,size",
        "since=1h&sort=name",
        "from=2026-11-01&to=2026-11-24",
        "to=2026-11-24&sort=created",
    ] {
        assert_eq!(Query::parse(asked).to_search(), asked);
    }
    let nonsense = Query::parse("?state=maybe&since=0d&from=2026-13-01&sort=-beauty&instance=&other=1");
    assert_eq!(nonsense, Query::default());
    assert!(!nonsense.is_filter());
    assert!(Query::parse("q=x").is_filter());
    assert_eq!(Query::parse("q=x&sort=name").without_filter().to_search(), "sort=name");
}

#[test]
fn words_states_times_and_types_choose() {
    let mut index = Index::default();
    index.take(&page((0..20).rev()), None, true);
    assert_eq!(found(&index, "q=%D0%BE%D0%91%D1%83%D1%87+9"), ["job0019", "job0009"]);
    assert_eq!(found(&index, "q=job0007"), ["job0007"]);
    assert_eq!(
        found(&index, "state=error&from=2026-01-10&to=2026-01-15"),
        ["job0015", "job0012"]
    );
    assert!(found(&index, "instance=c1.4").is_empty());
    let counts = search(&index, "q=9&state=error", 100);
    assert_eq!(counts.slots.len(), 1);
    assert_eq!(counts.states.iter().sum::<usize>(), 2, "the counts are of all states");
}

#[test]
fn every_order_is_that_of_a_plain_sort_however_small_the_steps() {
    let mut index = Index::default();
    index.take(&page((0..3000).rev()), None, true);
    for work in [1, 7, 5000] {
        let duration = search(&index, "sort=-duration", work);
        let keys: Vec<_> = duration
            .slots
            .iter()
            .map(|slot| index.row(*slot).unwrap().run_ms(0))
            .collect();
        assert!(keys.is_sorted_by(|one, next| one >= next));
        assert_eq!(keys.len(), 3000);
    }
    let names = found(&index, "sort=name");
    assert_eq!(
        names[0], "job0000",
        "of the same name the order is that of the rest, by id"
    );
    assert_eq!(found(&index, "sort=created")[0], "job0000");
    let codes = search(&index, "sort=-code", 100).slots;
    assert_eq!(index.row(codes[0]).unwrap().status, JobStatus::Error);
}

#[test]
fn what_came_later_is_held_back_and_counted() {
    let mut index = Index::default();
    index.take(&page([2, 1]), None, true);
    let stood = index.newest_rank().unwrap();
    index.take(&page([4, 3, 2, 1]), None, true);
    let mut search = Search::new(Query::default(), (None, None), 0, stood, &index);
    let found = std::iter::from_fn(|| Some(search.step(&index, 10)))
        .flatten()
        .next()
        .unwrap();
    assert_eq!((found.slots.len(), found.held), (2, 2));
}

#[test]
fn commands_and_arguments_are_searched_and_are_columns() {
    let with = |number: i64, cmd: &str, arguments: &[(&str, &str)]| {
        let arguments = arguments.iter().map(|(name, value)| Argument {
            name: (*name).into(),
            value: (*value).into(),
        });
        listed(&Job {
            job_parameters: Some(JobParameters {
                cmd: cmd.into(),
                arguments: arguments.collect(),
                ..JobParameters::default()
            }),
            ..job(number)
        })
    };
    let mut index = Index::default();
    let jobs = [
        with(4, "python Train.py --lr ${lr}", &[("lr", "0.1"), ("seed", "1")]),
        with(3, "python train.py --lr ${lr}", &[("lr", "1e-3")]),
        with(2, "python eval.py", &[("mode", "fast")]),
        with(1, "sh run.sh", &[]),
    ];
    index.take(&jobs, None, true);
    assert_eq!(found(&index, "q=train.py"), ["job0004", "job0003"]);
    assert_eq!(found(&index, "q=lr%3D0.1+python"), ["job0004"]);
    assert_eq!(found(&index, "q=eval"), ["job0002"]);
    assert_eq!(index.argument_names(2), ["lr", "mode"]);

    let by_rate = "value=arg.lr&sort=value-1";
    assert_eq!(found(&index, by_rate), ["job0003", "job0004", "job0002", "job0001"]);
    let version = index.version();
    let slot_of = |id| index.slot_of(id).unwrap();
    index.learn([
        (slot_of("job0002"), vec![("loss".into(), 0.25)]),
        (slot_of("job0004"), vec![("loss".into(), 9.5), ("acc".into(), 1.0)]),
    ]);
    assert_eq!(index.version(), version + 1, "rows are drawn once for all of them");
    assert_eq!(index.number_names(5), ["loss", "acc"]);
    let by_loss = "value=arg.lr&value=num.loss&sort=-value-2";
    assert_eq!(found(&index, by_loss), ["job0004", "job0002", "job0003", "job0001"]);
    // A job that is looked at again keeps them.
    index.put(&with(2, "python eval.py", &[("mode", "slow")]));
    assert_eq!(index.get(2).and_then(|entry| entry.number("loss")), Some(0.25));
}

#[test]
fn columns_of_values_come_and_go_with_their_order() {
    let mut query = Query::parse("value=arg.lr&value=num.loss&value=arg.lr&value=x&value=arg.&sort=value-2");
    let argument = ValueColumn::Argument("lr".into());
    let number = ValueColumn::Number("loss".into());
    assert_eq!(query.values, [argument.clone(), number.clone()]);
    assert_eq!(query.to_search(), "sort=value-2&value=arg.lr&value=num.loss");
    query.turn_value(&argument);
    assert_eq!((query.sort.column, query.values.len()), (Column::Value(0), 1));
    query.turn_value(&number);
    assert_eq!((query.sort, query.values.len()), (Sort::default(), 0));
    for place in 0..20 {
        query.turn_value(&ValueColumn::Argument(format!("a,{place}&")));
    }
    assert_eq!(query.values.len(), MAX_VALUES);
    assert_eq!(Query::parse(&query.to_search()), query);
}
