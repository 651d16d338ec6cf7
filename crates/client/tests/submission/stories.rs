//! Stories at random: faults, reloads, cancels, pauses, other windows, and people who change what is submitted.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use crate::{
    at_once,
    faults::Faults,
    person::{Draft, End, World, content, file},
    seed::Random,
};

const STORIES: u64 = 1500;

/// Names the story that went wrong.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("JOBSPHERE_SEED={}", self.0);
        }
    }
}

// A test may be told something.
#[allow(clippy::disallowed_methods)]
fn seeds() -> std::ops::Range<u64> {
    match std::env::var("JOBSPHERE_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => seed..seed + 1,
        None => 0..STORIES,
    }
}

fn tell(story: fn(u64) -> std::pin::Pin<Box<dyn Future<Output = ()>>>) {
    for seed in seeds() {
        let _named = Seed(seed);
        at_once(story(seed));
    }
}

/// Some files, of which some are alike.
fn draft(random: &Random) -> Draft {
    let names = ["1data.csv", "2data.csv", "1table.txt", "1model.bin", "1notes.md"];
    let count = random.below(1 + names.len() as u64) as usize;
    Draft {
        inputs: names[..count].iter().map(|name| (*name).to_owned()).collect(),
        modules: (0..random.below(3))
            .map(|place| format!("1module_{place}.py"))
            .collect(),
        ask_from: random.one_in(3).then_some(1),
        ..Draft::default()
    }
}

/// A world whose draft may be run again from a job, with faults from now on.
async fn world(seed: u64) -> World {
    let random = Random::new(seed ^ 0x5eed);
    let mut draft = draft(&random);
    let mut world = World::new(draft.clone(), Faults::of(seed), seed).await;
    if random.one_in(3) {
        let held = content("held", 1);
        world.service.blobs.hold(&held);
        draft.known = Some(jobsphere_api::jobs::File {
            sha256: jobsphere_api::sha256::Sha256::of(&held).to_string(),
            size_bytes: held.len() as i64,
            ..file("held.bin", "HELD")
        });
    }
    if random.one_in(3) {
        draft.source = Some(source(&mut world).await);
    }
    *world.draft.borrow_mut() = draft;
    world
}

/// A job with other contents, submitted without a fault from another browser.
async fn source(world: &mut World) -> jobsphere_api::jobs::Job {
    let line = std::mem::replace(&mut world.line, crate::wire::Line::new(Faults::none(), 0));
    let disk = std::mem::take(&mut world.disk);
    for (name, bytes) in disk.files.borrow().iter() {
        world.disk.change(name, [&bytes[..], b"before"].concat());
    }
    world.draft.borrow_mut().id = "another";
    let End::Runs(job_id) = world.run(&world.window()).await else {
        panic!("the source does not run");
    };
    world.line = line;
    world.disk = disk;
    let jobs = world.service.all_jobs().await;
    jobs.into_iter().find(|job| job.id == job_id).unwrap()
}

#[test]
fn whatever_breaks_it_is_one_job() {
    tell(|seed| Box::pin(one_window(seed)));
}

async fn one_window(seed: u64) {
    let world = world(seed).await;
    let random = Random::new(seed ^ 0xface);
    let names: Vec<String> = world.disk.files.borrow().keys().cloned().collect();
    // All contents that a file has had since it was chosen last.
    let contents: RefCell<BTreeMap<String, Vec<Vec<u8>>>> = RefCell::new(
        names
            .iter()
            .map(|name| (name.clone(), vec![world.disk.content(name)]))
            .collect(),
    );
    let all: RefCell<Vec<Vec<u8>>> = RefCell::new(contents.borrow().values().flatten().cloned().collect());
    let mishaps = Cell::new(random.below(4));
    let reasons = Cell::new(1);
    let between = async |is_running: bool| {
        if mishaps.get() == 0 || !random.one_in(3) {
            return;
        }
        mishaps.set(mishaps.get() - 1);
        // What no job needs any more goes with the last that did.
        reasons.set(reasons.get() + 1);
        match random.below(5) {
            // What runs already is another job than the one with another content.
            0 if !world.line.was_called("Execute") && !names.is_empty() => {
                let name = &names[random.below(names.len() as u64) as usize];
                let new = content(name, 2 + random.below(1000));
                world.disk.change(name, new.clone());
                all.borrow_mut().push(new.clone());
                if is_running {
                    contents.borrow_mut().get_mut(name).unwrap().push(new);
                } else {
                    world.disk.forget(name);
                    contents.borrow_mut().insert(name.clone(), vec![new]);
                }
            }
            1 => world.delete_waiting().await,
            2 => world.cancel_waiting().await,
            3 => world.clear_source().await,
            4 if !names.is_empty() => {
                let name = &names[random.below(names.len() as u64) as usize];
                world.service.blobs.lose(&world.disk.content(name));
            }
            _ => {}
        }
    };
    let job_id = world.insist(&world.window(), between).await;
    world.is_one(&job_id, |name| contents.borrow()[name].clone()).await;
    world.is_sent_sparingly(reasons.get(), &all.borrow());
}

#[test]
fn one_draft_in_two_windows_is_one_job() {
    tell(|seed| Box::pin(two_windows(seed)));
}

async fn two_windows(seed: u64) {
    let world = world(seed).await;
    let random = Random::new(seed ^ 0xface);
    let contents: Vec<Vec<u8>> = world.disk.files.borrow().values().cloned().collect();
    let is_deleted = Cell::new(!random.one_in(3));
    let is_cleared = Cell::new(!random.one_in(3));
    let between = async |_: bool| {
        if !is_deleted.replace(true) {
            world.delete_waiting().await;
        }
        if !is_cleared.replace(true) {
            world.clear_source().await;
        }
    };
    let (one, other) = (world.window(), world.window());
    let (one, other) = futures::join!(world.insist(&one, &between), world.insist(&other, &between));
    assert_eq!(one, other, "both windows show the same job");
    world.is_the_one(&one).await;
    let mishaps = usize::from(is_deleted.get()) + usize::from(is_cleared.get());
    world.is_sent_sparingly(2 + mishaps, &contents);
}
