use super::*;
use crate::api::jobs::JobParameters;

fn job_change() -> Change {
    let job = Job {
        id: "j1".into(),
        project_id: "default".into(),
        name: "имя".into(),
        job_parameters: Some(JobParameters {
            cmd: "echo".into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    Change::PutJob(Box::new(JobRecord {
        job: job.into(),
        sequence: 7,
        execute_operation: Some(operation("op1").unwrap()),
        waiting_since: Some(5),
        cancellation: Some(Cancellation {
            reason: String::new(),
            graceful: true,
        }),
        progress: Some(JobProgress::default()),
    }))
}

fn share_change() -> Change {
    Change::PutShare(Box::new(ShareRecord {
        id: share("s1").unwrap(),
        share: Share {
            id: "s1".into(),
            ..Default::default()
        },
        secret: Sha256::of(b"secret"),
        created_micros: 1,
        revoked: Some((2, "me".into())),
        used_micros: Some(3),
        uses: 4,
    }))
}

/// One of each kind.
pub(super) fn all() -> Vec<Change> {
    let (project, job, dataset) = (project("default").unwrap(), job("j1").unwrap(), dataset("d1").unwrap());
    vec![
        Change::PutProject(Box::new(Project {
            id: "default".into(),
            ..Default::default()
        })),
        job_change(),
        Change::PutOperation(Box::new(OperationRecord {
            operation: Operation {
                id: "op1".into(),
                ..Default::default()
            },
            project_id: project.clone(),
            job_id: Some(job.clone()),
        })),
        Change::SetFiles {
            job: job.clone(),
            project: project.clone(),
            files: [Sha256::of(b"a"), Sha256::of(b"b")].into(),
        },
        Change::PutDataset(Box::new(DatasetRecord {
            id: dataset.clone(),
            project_id: project,
            job_id: job.clone(),
            desc: OutputDatasetDesc::default(),
            created_micros: 9,
        })),
        Change::PutRepeat(Repeat {
            key: Sha256::of(b"key"),
            request: Sha256::of(b"request"),
            operation: operation("op1").unwrap(),
            at_micros: 11,
        }),
        share_change(),
        Change::RevokeShares {
            shares: vec![share("s1").unwrap()],
            at_micros: 12,
            by: "me".into(),
        },
        Change::CountUses {
            share: share("s1").unwrap(),
            at_micros: 13,
            uses: 2,
        },
        Change::DropRepeats { before_micros: 5 },
        Change::DropDataset(dataset),
        Change::DeleteJob(job),
    ]
}

#[test]
fn what_was_written_is_read() {
    assert_eq!(read(&write(&all())).unwrap(), all());
}

#[test]
fn what_is_no_entry_is_damage_and_nothing_worse() {
    assert!(matches!(read(b"\xff\xff"), Err(StoreError::Damaged(_))));
    // A kind that a later version has added.
    let later = [0x0a, 0x03, 0xfa, 0x01, 0x00];
    assert!(matches!(read(&later), Err(StoreError::Damaged(_))));
    let whole = write(&all());
    for length in 0..whole.len() {
        // Read or refused.
        let _ = read(&whole[..length]);
    }
}
