//! The table of faults: each at each place, and what is promised of the sending.

use std::{cell::RefCell, rc::Rc};

use jobsphere_api::{jobs::File, sha256::Sha256};
use jobsphere_client::submission::{Control, Event, Failure, FileStep, Pending, Phase};

use crate::{
    at_once,
    faults::{Fault, Faults, OF_UPLOADS},
    person::{Draft, End, World, content, file},
    window::Refusal,
};

fn draft() -> Draft {
    Draft {
        inputs: vec!["1data.csv".into(), "2data.csv".into(), "1table.txt".into()],
        modules: vec!["1module.py".into()],
        ask_from: Some(1),
        ..Draft::default()
    }
}

fn one_file() -> Draft {
    Draft {
        inputs: vec!["1data.csv".into()],
        ..Draft::default()
    }
}

fn failed(end: End) -> Failure<String, Refusal> {
    match end {
        End::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

async fn runs(world: &World, window: &crate::window::Window) -> String {
    match world.run(window).await {
        End::Runs(job_id) => job_id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn phases_and_steps_are_told_in_their_order() {
    at_once(async {
        let world = World::new(draft(), Faults::none(), 1).await;
        let heard = Rc::new(RefCell::new(Vec::new()));
        let hear = {
            let heard = Rc::clone(&heard);
            move |event: &Event| heard.borrow_mut().push(event.clone())
        };
        let end = world.run_with(&world.window(), None, &Control::default(), hear).await;
        assert!(matches!(end, End::Runs(_)), "{end:?}");
        let heard = heard.take();
        let Event::Files(files) = &heard[0] else {
            panic!("{:?}", heard[0])
        };
        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["1data.csv", "2data.csv", "1table.txt", "1module.py"]);
        let phases = heard.iter().filter_map(|event| match event {
            Event::Phase(phase) => Some(*phase),
            _ => None,
        });
        let all = [
            Phase::Hashing,
            Phase::Creating,
            Phase::Asking,
            Phase::Sending,
            Phase::Starting,
        ];
        assert_eq!(phases.collect::<Vec<_>>(), all);
        for file in 0..files.len() {
            let steps = heard.iter().filter_map(|event| match event {
                Event::Step { file: of, step } if *of == file => Some(*step),
                _ => None,
            });
            let all = [
                FileStep::Hashing,
                FileStep::Hashed,
                FileStep::Waiting,
                FileStep::Sending,
                FileStep::Sent,
            ];
            assert_eq!(steps.collect::<Vec<_>>(), all);
        }
        assert!(heard.contains(&Event::Lacking {
            bytes: 4000,
            is_asked: true
        }));
        // One content is sent once, whatever number of files has it.
        assert_eq!(world.service.blobs.received(&content("data.csv", 1)), 1);
    });
}

#[test]
fn a_reload_at_any_moment_loses_nothing_and_makes_no_second_job() {
    for steps in 0.. {
        let is_over = at_once(async {
            let world = World::new(draft(), Faults::none(), steps).await;
            let window = world.window();
            let end = world.run_with(&window, Some(steps), &Control::default(), |_| {}).await;
            window.reload();
            let job_id = runs(&world, &window).await;
            world.is_the_one(&job_id).await;
            world.is_sent_sparingly(1, &[content("data.csv", 1), content("table.txt", 1)]);
            matches!(end, End::Runs(_))
        });
        if is_over {
            assert!(steps > 20, "there were moments");
            return;
        }
    }
}

#[test]
fn a_file_that_was_chosen_anew_after_a_reload_at_any_moment_runs_alone() {
    for steps in 0.. {
        let is_over = at_once(async {
            let world = World::new(one_file(), Faults::none(), steps).await;
            let window = world.window();
            let end = world.run_with(&window, Some(steps), &Control::default(), |_| {}).await;
            if world.line.was_called("Execute") {
                return true;
            }
            assert!(matches!(end, End::Dropped), "{end:?}");
            window.reload();
            world.disk.change("1data.csv", content("data.csv", 2));
            world.disk.forget("1data.csv");
            let job_id = runs(&world, &window).await;
            world.is_the_one(&job_id).await;
            false
        });
        if is_over {
            return;
        }
    }
}

#[test]
fn a_fault_at_any_place_is_overcome_by_pressing_run_again() {
    for fault in OF_UPLOADS {
        for place in 0.. {
            let is_over = at_once(async {
                let world = World::new(draft(), Faults::at(place, fault), place).await;
                let window = world.window();
                let mut end = world.run(&window).await;
                if !matches!(end, End::Runs(_)) {
                    end = world.run(&window).await;
                }
                let End::Runs(job_id) = end else {
                    panic!("{fault:?} at {place}: {end:?}")
                };
                world.is_the_one(&job_id).await;
                world.is_sent_sparingly(1, &[content("data.csv", 1), content("table.txt", 1)]);
                !world.line.faults.is_over()
            });
            if is_over {
                assert!(place > 4, "there were places");
                break;
            }
        }
    }
}

#[test]
fn a_burst_of_errors_to_an_upload_is_waited_out_then_said_and_run_goes_on() {
    at_once(async {
        let errors = [500, 502, 503, 500, 502, 503, 500, 502, 503, 500].map(Fault::Status);
        let world = World::new(one_file(), Faults::of_uploads(&errors), 1).await;
        let window = world.window();
        let failure = failed(world.run(&window).await);
        let Failure::Send { file, error } = failure else {
            panic!("{failure:?}")
        };
        assert_eq!(
            (file.as_str(), error),
            ("1data.csv", Refusal::Status(502)),
            "after eight tries"
        );
        let job_id = runs(&world, &window).await;
        world.is_the_one(&job_id).await;
    });
}

#[test]
fn tries_are_counted_anew_when_more_has_arrived_and_not_at_all_without_a_network() {
    at_once(async {
        let mut cuts = vec![Fault::Before; 7];
        cuts.push(Fault::Halfway);
        cuts.extend([Fault::Before; 6]);
        let world = World::new(one_file(), Faults::of_uploads(&cuts), 1).await;
        let job_id = runs(&world, &world.window()).await;
        world.is_the_one(&job_id).await;

        let world = World::new(one_file(), Faults::of_uploads(&[Fault::Before; 50]), 1).await;
        let window = world.window();
        window.is_online.set(false);
        let job_id = runs(&world, &window).await;
        world.is_the_one(&job_id).await;
    });
}

#[test]
fn a_new_address_is_asked_for_three_times() {
    for (expiries, is_enough) in [(3, true), (4, false)] {
        at_once(async {
            let faults = vec![Fault::Status(410); expiries];
            let world = World::new(one_file(), Faults::of_uploads(&faults), 1).await;
            let window = world.window();
            match world.run(&window).await {
                End::Runs(job_id) if is_enough => world.is_the_one(&job_id).await,
                End::Failed(Failure::Send {
                    error: Refusal::Status(410),
                    ..
                }) if !is_enough => {
                    let job_id = runs(&world, &window).await;
                    world.is_the_one(&job_id).await;
                }
                end => panic!("{end:?}"),
            }
            let creates = world
                .line
                .called
                .borrow()
                .iter()
                .filter(|called| *called == "Create")
                .count();
            assert_eq!(creates, expiries + 1);
        });
    }
}

#[test]
fn a_content_that_is_another_one_is_named_and_read_anew() {
    at_once(async {
        let world = World::new(one_file(), Faults::none(), 1).await;
        let window = world.window();
        // Read, and then changed without a trace.
        let control = Control::default();
        let disk = Rc::clone(&world.disk);
        let change = move |event: &Event| {
            if *event == Event::Phase(Phase::Creating) {
                disk.change("1data.csv", content("data.csv", 2));
            }
        };
        let failure = failed(world.run_with(&window, None, &control, change).await);
        let wrong = Failure::Send {
            file: "1data.csv".into(),
            error: Refusal::Status(422),
        };
        assert_eq!(failure, wrong);
        let job_id = runs(&world, &window).await;
        world.is_the_one(&job_id).await;
    });
}

#[test]
fn what_is_known_by_its_digest_alone_is_used_where_it_is_held_and_named_where_not() {
    at_once(async {
        let held = content("held", 1);
        let draft = Draft {
            known: Some(File {
                sha256: Sha256::of(&held).to_string(),
                size_bytes: held.len() as i64,
                ..file("held.bin", "HELD")
            }),
            ..one_file()
        };
        let world = World::new(draft, Faults::none(), 1).await;
        let window = world.window();
        let no_content = Failure::NoContent {
            file: "held.bin".into(),
        };
        assert_eq!(failed(world.run(&window).await), no_content);
        world.service.blobs.hold(&held);
        let job_id = runs(&world, &window).await;
        world.is_the_one(&job_id).await;
        assert_eq!(world.service.blobs.received(&held), 0);
    });
}

#[test]
fn while_it_is_paused_nothing_arrives() {
    at_once(async {
        let world = World::new(draft(), Faults::none(), 1).await;
        let (window, control) = (world.window(), Control::default());
        let pausing = control.clone();
        let pause = move |event: &Event| {
            if let Event::Step {
                step: FileStep::Sending,
                ..
            } = event
            {
                pausing.pause(true);
            }
        };
        // A future of its own, so that it can be given up.
        let run = Box::pin(world.run_with(&window, None, &control, pause));
        let a_day = std::pin::pin!(tokio::time::sleep(std::time::Duration::from_secs(24 * 3600)));
        let futures::future::Either::Right(((), run)) = futures::future::select(run, a_day).await else {
            panic!("it went on");
        };
        assert_eq!(world.service.blobs.received(&content("data.csv", 1)), 0);
        drop(run);
        let job_id = runs(&world, &window).await;
        world.is_the_one(&job_id).await;
    });
}

#[test]
fn a_job_that_was_deleted_or_cancelled_before_execute_is_made_anew() {
    for is_deleted in [true, false] {
        at_once(async {
            let world = World::new(one_file(), Faults::none(), 1).await;
            let window = world.window();
            let steps = steps_to(&world, &window, "Create").await;
            assert!(steps > 0);
            match is_deleted {
                true => world.delete_waiting().await,
                false => world.cancel_waiting().await,
            }
            let failure = failed(world.run(&window).await);
            assert!(matches!(failure, Failure::Call(_)), "{failure:?}");
            window.reload();
            let job_id = runs(&world, &window).await;
            world.is_the_one(&job_id).await;
        });
    }
}

/// Runs until the answer to `method` was kept, and is then gone; the number of steps.
async fn steps_to(world: &World, window: &crate::window::Window, method: &str) -> u64 {
    for steps in 1.. {
        let end = world.run_with(window, Some(steps), &Control::default(), |_| {}).await;
        assert!(matches!(end, End::Dropped), "{end:?}");
        let is_kept = |pending: &Pending| pending.waiting_job.is_some();
        if world.line.was_called(method) && world.disk.pending.borrow().as_ref().is_some_and(is_kept) {
            return steps;
        }
    }
    0
}
