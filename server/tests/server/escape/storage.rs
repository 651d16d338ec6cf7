//! No job fills the server's disk, or keeps the server at work that nobody wants any more.

use std::{
    io::{Cursor, Write},
    os::unix::fs::MetadataExt,
    path::Path,
    time::{Duration, Instant},
};

use futures::FutureExt;
use jobsphere_api::{
    jobs::{
        ExtendedWorkingStorage, FileCompressionType, JobParameters, JobStatus, extended_working_storage::StorageType,
    },
    operation::Operation,
};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Attack, EVERYWHERE, Got,
    arena::{Arena, Mode, command, leaving, python, until},
    hold,
};
use crate::process::{desc, file};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "an output that is nearly all holes fills the disk, or is packed for hours",
        row: EVERYWHERE,
        // Seen in every mode: the copy grew as fast as the disk.
        run: |mode| sparse(mode).boxed_local(),
    },
    Attack {
        what: "the packing of a large output goes on after Cancel",
        row: EVERYWHERE,
        // Seen in every mode.
        run: |mode| packing(mode, false).boxed_local(),
    },
    Attack {
        what: "the packing of a large output of a cancelled job is begun again after a restart",
        row: EVERYWHERE,
        // Seen in every mode.
        run: |mode| packing(mode, true).boxed_local(),
    },
    Attack {
        what: "an input unpacks to more than the storage of its job",
        row: EVERYWHERE,
        // Seen in every mode.
        run: |mode| bomb(mode, false).boxed_local(),
    },
    Attack {
        what: "the unpacking of a large input goes on after Cancel",
        row: EVERYWHERE,
        // Seen in every mode.
        run: |mode| bomb(mode, true).boxed_local(),
    },
    Attack {
        what: "a file of progress that is nearly all holes keeps its job from ending",
        row: EVERYWHERE,
        // Seen in every mode: the supervisor read it to its end.
        run: |mode| progress(mode).boxed_local(),
    },
];

const MIB: u64 = 1 << 20;
/// How soon something ends that costs nothing, on a busy machine.
const SOON: Duration = Duration::from_secs(15);

/// What a folder takes of the disk.
fn allocated(folder: &Path) -> u64 {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|metadata| metadata.blocks() * 512)
        .sum()
}

const SPARSE: &str = "echo fine > small.txt && truncate -s 2T image.raw && mkdir -p vm && truncate -s 2T vm/disk.img \
                      && echo note > vm/note.txt";

async fn sparse(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("sparse");
    let before = allocated(&arena.data);
    let job = leaving(command(SPARSE), &["small.txt", "image.raw", "vm"]);
    let (id, operation) = arena.submit(&project, job).await;
    let data = arena.data.clone();
    let grown = async {
        // It is looked at meanwhile, because what is full is emptied again.
        loop {
            let more = allocated(&data).saturating_sub(before);
            if more > 256 * MIB {
                return more;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let ended = tokio::select! {
        grown = grown => return Some(format!("the data folder has grown by {} MiB", grown / MIB)),
        ended = arena.end_of(&id, &operation, SOON) => ended,
    };
    let Some(ended) = ended else {
        return Some("the job does not end".into());
    };
    let came: Vec<(String, Vec<u8>)> = arena.outputs(&ended);
    let is_well = came.len() == 1 && came[0].1 == b"fine\n" && ended.complaints().len() == 2;
    (!is_well).then(|| {
        format!(
            "{:?} {:?}",
            came.iter().map(|(path, _)| path).collect::<Vec<_>>(),
            ended.complaints()
        )
    })
}

/// Takes long to pack, and no time to make.
const LARGE: &str = "mkdir out; for i in 0 1 2 3 4 5 6 7; do fallocate -l 200M out/$i || exit; done";

async fn packing(mode: Mode, restarts: bool) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("packing");
    let (id, operation) = arena.submit(&project, leaving(command(LARGE), &["out"])).await;
    let begun = Instant::now();
    loop {
        match arena.client.job(&id).await.status() {
            JobStatus::UploadingOutput => break,
            // Too quick to be cancelled: that is well too.
            JobStatus::Success => return None,
            status => assert!(
                begun.elapsed() < super::arena::PATIENCE && status != JobStatus::Error,
                "{status:?}"
            ),
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let refused = arena.client.jobs.cancel(jobsphere_api::jobs::CancelProjectJobRequest {
        job_id: id.clone(),
        ..Default::default()
    });
    if refused.await.is_err() {
        // It has ended meanwhile.
        return ended_soon(&mut arena, &id, &operation).await;
    }
    if restarts {
        arena.again(None, |_, _| {}).await;
    }
    ended_soon(&mut arena, &id, &operation).await
}

async fn ended_soon(arena: &mut Arena, id: &str, operation: &Operation) -> Got {
    let begun = Instant::now();
    // The log may end before.
    while begun.elapsed() < SOON / 2 {
        if arena.client.operation(&operation.id).await.done {
            let run = arena.run_dir(id);
            until("the end of its folder", || !run.exists()).await;
            return None;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let status = arena.client.job(id).await.status();
    Some(format!("it is {status:?} {:.1} s later", begun.elapsed().as_secs_f64()))
}

/// An archive that is small and unpacks to so many times 128 MiB: a folder of files of zeros.
fn bomb_of(files: usize) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .large_file(true);
    let mut one = ZipWriter::new(Cursor::new(Vec::new()));
    one.start_file("bomb/0", options).unwrap();
    let zeros = vec![0_u8; MIB as usize];
    for _ in 0..128 {
        one.write_all(&zeros).unwrap();
    }
    let one = one.finish().unwrap().into_inner();
    let mut all = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..files {
        let mut one = zip::ZipArchive::new(Cursor::new(&one)).unwrap();
        let entry = one.by_index_raw(0).unwrap();
        all.raw_copy_file_rename(entry, format!("bomb/{number}")).unwrap();
    }
    all.finish().unwrap().into_inner()
}

async fn bomb(mode: Mode, is_cancelled: bool) -> Got {
    static BOMB: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    // Less than the most that an input may unpack to.
    let content = BOMB.get_or_init(|| bomb_of(48));
    let mut arena = Arena::start(mode).await;
    let project = arena.project("bomb");
    let mut given = file(&desc("bomb", ""), content);
    given.compression_type = FileCompressionType::Zip.into();
    let mut job = JobParameters {
        input_files: vec![given],
        ..python("", &[])
    };
    if !is_cancelled {
        job.extended_working_storage = Some(ExtendedWorkingStorage {
            r#type: StorageType::Ssd.into(),
            size_gb: 1,
        });
    }
    let (id, operation) = arena.submit_with(&project, job, &[content]).await;
    let run = arena.run_dir(&id);
    let has_grown = |mib: u64| {
        let run = run.clone();
        async move {
            while allocated(&run) < mib * MIB {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    };
    if is_cancelled {
        tokio::select! {
            () = has_grown(64) => {}
            ended = arena.end_of(&id, &operation, super::arena::PATIENCE) => {
                let ended = ended.expect("its end");
                // Refused: that is well too.
                return (ended.job.status() == JobStatus::Success).then(|| "it has run".to_owned());
            }
        }
        arena.cancel(&id).await;
        return ended_soon(&mut arena, &id, &operation).await;
    }
    let ended = tokio::select! {
        () = has_grown(1024 + 512) => return Some("1.5 GiB of the storage of 1 GiB".into()),
        ended = arena.end_of(&id, &operation, super::arena::PATIENCE) => ended.expect("its end"),
    };
    (ended.job.status() != JobStatus::Error || ended.out.contains("TRIED"))
        .then(|| format!("it has run: {:?} {}", ended.job.status(), ended.job.status_details))
}

async fn progress(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("progress");
    // No shell's `truncate` makes more in one step on every file system.
    let cmd = "truncate -s 8T \"$JOB_PROGRESS_FILENAME\" || truncate -s 2T \"$JOB_PROGRESS_FILENAME\"; echo begun";
    let ended = arena.run_within(&project, command(cmd), SOON).await;
    match ended {
        Some(ended) => (ended.out != "begun\n").then(|| format!("not tried: {}", ended.out)),
        None => Some("the job does not end".into()),
    }
}

#[tokio::test]
async fn nothing_fills_the_disk_or_keeps_the_server_busy() {
    hold("storage").await;
}
