//! The engine over a machine that says what a test has it say.

use std::collections::VecDeque;

use futures::{
    StreamExt,
    executor::block_on,
    stream::{self, BoxStream},
};
use jobsphere_rules::service_line::ServiceLine;
use prost_types::Timestamp;

use super::*;
use crate::{
    api::{
        jobs::{Environment, File, FileDesc, JobProgress},
        sha256::Sha256,
    },
    log::{LogSource, SYSTEM_LOG},
};

/// A machine that plays what it is given.
#[derive(Default)]
struct Played {
    words: Mutex<VecDeque<Word>>,
    collected: BTreeMap<String, Collected>,
    ordered: Mutex<Option<Order>>,
    cancelled: Mutex<Vec<Option<i32>>>,
}

#[async_trait]
impl Machines for Played {
    fn sight(&self) -> Sight {
        Sight { is_there: true }
    }

    async fn run(&self, _: &ProjectId, _: &JobId, order: Order) -> Result<BoxStream<'static, Word>, String> {
        *self.ordered.lock().unwrap() = Some(order);
        let words: Vec<Word> = self.words.lock().unwrap().drain(..).collect();
        Ok(stream::iter(words).boxed())
    }

    fn cancel(&self, _: &JobId, signal: Option<i32>, _: Option<std::time::Duration>) {
        self.cancelled.lock().unwrap().push(signal);
    }

    async fn collect(&self, _: &JobId, path: &str, _: u64) -> Collected {
        self.collected.get(path).cloned().unwrap_or(Collected::Missing)
    }

    fn forget(&self, _: &JobId) {}
}

#[derive(Default)]
struct Shelf {
    contents: Mutex<BTreeMap<Sha256, Vec<u8>>>,
    log: Mutex<Vec<(LogSource, Vec<u8>)>>,
    is_full: bool,
}

#[async_trait]
impl Keeping for Shelf {
    async fn read(&self, _: &ProjectId, sha256: Sha256) -> Result<Vec<u8>, String> {
        self.contents
            .lock()
            .unwrap()
            .get(&sha256)
            .cloned()
            .ok_or_else(|| "it is gone".into())
    }

    async fn put(&self, _: &ProjectId, content: Vec<u8>) -> Result<Sha256, String> {
        let sha256 = Sha256::of(&content);
        self.contents.lock().unwrap().insert(sha256, content);
        Ok(sha256)
    }

    async fn append(&self, _: &JobId, source: &LogSource, content: &[u8]) -> Result<(), String> {
        if self.is_full && *source == LogSource::Out {
            return Err("there is no more room".into());
        }
        self.log.lock().unwrap().push((source.clone(), content.to_vec()));
        Ok(())
    }

    async fn sources(&self, _: &JobId) -> Result<BTreeMap<LogSource, Vec<u8>>, String> {
        let mut sources = BTreeMap::<_, Vec<u8>>::new();
        for (source, content) in self.log.lock().unwrap().iter() {
            sources.entry(source.clone()).or_default().extend(content);
        }
        Ok(sources)
    }

    fn now_micros(&self) -> i64 {
        1_000_000
    }
}

#[derive(Default)]
struct Told(Mutex<Vec<String>>);

#[async_trait]
impl Report for Told {
    async fn preparing(&self, details: &ServiceLine<'_>) {
        self.0.lock().unwrap().push(details.to_string());
    }
    async fn executing(&self, started_at: Timestamp) {
        self.0
            .lock()
            .unwrap()
            .push(format!("executing since {}", started_at.seconds));
    }
    async fn progress(&self, progress: JobProgress) {
        self.0.lock().unwrap().push(format!("{} %", progress.progress));
    }
    async fn uploading_output(&self) {
        self.0.lock().unwrap().push("uploading".into());
    }
}

fn desc(path: &str, var: &str) -> FileDesc {
    FileDesc {
        path: path.into(),
        var: var.into(),
    }
}

fn task(parameters: JobParameters) -> Task {
    Task {
        job_id: JobId::parse("j1").unwrap(),
        project_id: ProjectId::parse("default").unwrap(),
        instance_type: None,
        parameters,
        has_begun: false,
    }
}

fn exit(code: i64) -> Word {
    Word::Exit(Exit {
        return_code: Some(code),
        details: format!("The command returned {code}"),
        progress: b"{\"progress\": 1}\nwhat\n".to_vec(),
        ..Default::default()
    })
}

fn engine(words: impl IntoIterator<Item = Word>, shelf: Shelf) -> PageEngine<Played, Shelf> {
    let machines = Played {
        words: Mutex::new(words.into_iter().collect()),
        collected: [
            ("out.txt".to_owned(), Collected::File(b"result".to_vec())),
            (
                "folder".to_owned(),
                Collected::Folder {
                    entries: vec![Found {
                        path: "a".into(),
                        kind: Kind::File(b"1".to_vec()),
                    }],
                    left_out: vec!["pipe".into()],
                },
            ),
        ]
        .into(),
        ..Default::default()
    };
    PageEngine::new(machines, Arc::new(shelf))
}

fn run(engine: &PageEngine<Played, Shelf>, task: &Task) -> (Outcome, Vec<String>) {
    let told = Arc::new(Told::default());
    let outcome = block_on(engine.run(task.clone(), told.clone()));
    let told = told.0.lock().unwrap().clone();
    (outcome, told)
}

fn system_log(engine: &PageEngine<Played, Shelf>, task: &Task) -> String {
    let sources = block_on(engine.keeping.sources(&task.job_id)).unwrap();
    String::from_utf8(sources[&LogSource::File(SYSTEM_LOG.into())].clone()).unwrap()
}

#[test]
fn a_run_is_told_and_its_outputs_are_kept() {
    let usage = Usage::default();
    let words = [
        Word::Loading {
            part: Part::Machine,
            loaded_bytes: 4_500_000,
            total_bytes: 9_000_000,
        },
        Word::Started { at_ms: 7000.0 },
        Word::Output(Stream::Out, b"one\n".to_vec()),
        Word::Usage(usage),
        Word::Output(Stream::Err, b"two\n".to_vec()),
        Word::Usage(usage),
        Word::Progress(b"{\"progress\": 40}\n".to_vec()),
        Word::System("The command has ended".into()),
        exit(3),
    ];
    let engine = engine(words, Shelf::default());
    let task = task(JobParameters {
        output_files: ["out.txt", "folder", "none"].map(|path| desc(path, "")).into(),
        ..Default::default()
    });
    let (outcome, told) = run(&engine, &task);
    assert_eq!(
        told,
        [
            "Fetching Linux: 4.5 of 9.0 MB",
            "executing since 7",
            "40 %",
            "uploading"
        ]
    );
    let Outcome::Finished {
        return_code,
        cancelled,
        details,
        output_files,
        log_files,
        diagnostic_files,
        file_errors,
        ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!((return_code, cancelled, details.as_str()), (3, false, ""));
    let kept: Vec<_> = output_files
        .iter()
        .map(|file| (file.size_bytes > 0, file.compression_type()))
        .collect();
    use crate::api::jobs::FileCompressionType::{None as Plain, Zip};
    assert_eq!(kept, [(true, Plain), (true, Zip)]);
    assert_eq!(output_files[0].sha256, Sha256::of(b"result").to_string());
    assert_eq!(file_errors[0].description, "The command has not made it");
    let names = |files: &[File]| {
        files
            .iter()
            .map(|file| file.desc.clone().unwrap().path)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&log_files), ["stdout.txt", "stderr.txt", "system.log"]);
    assert_eq!(names(&diagnostic_files), ["docker_stats.tsv"]);
    let table = &block_on(engine.keeping.sources(&task.job_id)).unwrap()[&LogSource::File(".docker_stats.tsv".into())];
    assert_eq!(
        table.iter().filter(|byte| **byte == b'\n').count(),
        3,
        "one header and two rows"
    );
    let system = system_log(&engine, &task);
    for line in [
        "The turn of the job has come",
        "inputs: 0",
        "1 of the 2 lines",
        "`folder`",
        "`pipe`",
    ] {
        assert!(system.contains(line), "{line} in {system}");
    }
}

#[test]
fn an_order_says_where_files_lie_and_what_variables_stand_for() {
    let shelf = Shelf::default();
    let folder = Found {
        path: "x.txt".into(),
        kind: Kind::File(b"x".to_vec()),
    };
    let archive = zip::pack("data", vec![folder]).unwrap();
    let held = |content: &[u8], path: &str, var: &str, zipped: bool| File {
        desc: Some(desc(path, var)),
        sha256: block_on(shelf.put(&ProjectId::parse("default").unwrap(), content.to_vec()))
            .unwrap()
            .to_string(),
        compression_type: i32::from(zipped) * i32::from(crate::api::jobs::FileCompressionType::Zip),
        ..Default::default()
    };
    let inputs = vec![
        held(b"1", "in.txt", "IN", false),
        held(b"2", "/abs/other.txt", "ABS", false),
        held(&archive, "deep/data", "", true),
    ];
    let task = task(JobParameters {
        cmd: "cat ${IN} ${ABS} > ${OUT}".into(),
        input_files: inputs,
        output_files: vec![desc("made/out.txt", "OUT")],
        env: Some(Environment {
            vars: [("JOB_ID", "mine"), ("A", "b c")]
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
            ..Default::default()
        }),
        ..Default::default()
    });
    let engine = engine([exit(0)], shelf);
    run(&engine, &task);
    let order = engine.machines.ordered.lock().unwrap().clone().unwrap();
    assert_eq!(
        order.command,
        "cat /job/in.txt /run/job/abs/abs/other.txt > /job/made/out.txt"
    );
    let paths: Vec<_> = order.inputs.iter().map(|input| input.path.as_str()).collect();
    assert_eq!(paths, ["in.txt", "/run/job/abs/abs/other.txt", "deep/data/x.txt"]);
    assert_eq!(order.inputs[2].content, Content::Bytes(b"x".to_vec()));
    assert_eq!(order.folders, ["deep/data", "deep/data", "made"]);
    assert_eq!((order.env["JOB_ID"].as_str(), order.env["A"].as_str()), ("j1", "b c"));
    assert!(system_log(&engine, &task).contains("The variable JOB_ID has the server's value"));
}

#[test]
fn what_had_begun_when_the_page_went_is_lost_and_never_begun_again() {
    let engine = engine([exit(0)], Shelf::default());
    let begun = Task {
        has_begun: true,
        ..task(JobParameters::default())
    };
    let (outcome, _) = run(&engine, &begun);
    assert!(matches!(&outcome, Outcome::Failed { fault: Fault::Server, message, .. } if message.contains("was lost")));
    assert!(engine.machines.ordered.lock().unwrap().is_none());
    // Nobody was told of its beginning, and it has written something.
    block_on(engine.keeping.append(&begun.job_id, &LogSource::Out, b"x")).unwrap();
    let (outcome, _) = run(&engine, &task(JobParameters::default()));
    assert!(matches!(outcome, Outcome::Failed { .. }));
}

#[test]
fn orders_reach_the_machine_and_one_before_the_beginning_keeps_it_from_beginning() {
    let job = JobId::parse("j1").unwrap();
    let early = engine([exit(0)], Shelf::default());
    block_on(early.cancel(&job, CancelMode::Kill));
    let (outcome, _) = run(&early, &task(JobParameters::default()));
    assert!(matches!(outcome, Outcome::NeverStarted { .. }), "{outcome:?}");
    assert!(early.machines.ordered.lock().unwrap().is_none());

    let running = engine([], Shelf::default());
    running.running().insert(job.clone());
    let graceful = CancelMode::Graceful {
        signal: 15,
        timeout: None,
    };
    for mode in [graceful, CancelMode::Kill, graceful] {
        block_on(running.cancel(&job, mode));
    }
    assert_eq!(*running.machines.cancelled.lock().unwrap(), [Some(15), None]);
    block_on(running.forget(&job));
    assert!(running.orders().is_empty());
}

#[test]
fn a_machine_that_breaks_and_a_log_that_is_full_are_said() {
    let broken = engine([Word::Failed(FailedBy::Memory, "no\nroom".into())], Shelf::default());
    let (outcome, _) = run(&broken, &task(JobParameters::default()));
    assert!(matches!(&outcome, Outcome::Failed { fault: Fault::Server, message, .. } if message == "no room"));

    let silent = engine([Word::Started { at_ms: 1.0 }], Shelf::default());
    let (outcome, _) = run(&silent, &task(JobParameters::default()));
    assert!(matches!(&outcome, Outcome::Failed { message, .. } if message.contains("was lost")));

    let words = [Word::Output(Stream::Out, b"x".to_vec()), exit(137)];
    let full = engine(
        words,
        Shelf {
            is_full: true,
            ..Default::default()
        },
    );
    let (outcome, _) = run(&full, &task(JobParameters::default()));
    assert!(
        matches!(&outcome, Outcome::Failed { message, .. } if message.contains("no more room")),
        "{outcome:?}"
    );
    assert_eq!(*full.machines.cancelled.lock().unwrap(), [None]);
}
