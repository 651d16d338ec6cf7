//! The addresses of the app's pages, and how one is gone to.

use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::browser::server;

/// The project that is always there.
pub(crate) const DEFAULT_PROJECT: &str = "default";

/// The parts of a project in the path of an address.
pub(crate) const JOBS: &str = "jobs";
pub(crate) const NEW_JOB: &str = "jobs/new";
pub(crate) const SHARES: &str = "shares";

/// The part of the address behind `?` that names the job that a new one begins from.
pub(crate) const SOURCE_QUERY: &str = "from";

/// The part of the address behind `?` that names a draft.
pub(crate) const DRAFT_QUERY: &str = "draft";

/// The part of the address behind `?` that names an output: a job's id, `/`, and its path there.
pub(crate) const INPUT_QUERY: &str = "input";

/// Address of a part of a project, on the server that the page is about.
pub(crate) fn project_address(project: &str, part: &str) -> String {
    format!("{}/projects/{project}/{part}", server::place())
}

/// Whether a path is that of the page that a share link opens.
pub(crate) fn is_of_link(path: &str) -> bool {
    server::below_base(path).starts_with("/s/")
}

/// Whether a path is that of the page that a share link opens in a frame.
pub(crate) fn is_framed(path: &str) -> bool {
    server::below_base(path).starts_with("/embed/")
}

/// Whether a page is one that a share link opens, by itself or in a frame.
pub(crate) fn is_about_a_share(path: &str) -> bool {
    is_of_link(path) || is_framed(path)
}

/// Whether the page at a path is that of one job.
pub(crate) fn is_of_job(path: &str) -> bool {
    let names: Vec<&str> = server::below_base(path).split('/').skip(1).collect();
    matches!(names[..], ["projects", _, "jobs", job] if job != "new")
}

/// Address of a project's jobs.
pub(crate) fn jobs_address(project: &str) -> String {
    project_address(project, JOBS)
}

/// Address of the form for a new job.
pub(crate) fn new_job_address(project: &str) -> String {
    project_address(project, NEW_JOB)
}

/// Address of a job.
pub(crate) fn job_address(project: &str, job_id: &str) -> String {
    project_address(project, &format!("jobs/{job_id}"))
}

/// Address of the page that shares a job.
pub(crate) fn share_address(project: &str, job_id: &str) -> String {
    project_address(project, &format!("jobs/{job_id}/share"))
}

/// Address of the comparison of jobs; the first is the one that the others are compared with.
pub(crate) fn compare_address(project: &str, job_ids: &[String]) -> String {
    project_address(project, &format!("compare?jobs={}", job_ids.join(",")))
}

/// The project that an address is about.
pub(crate) fn project_of(path: &str) -> String {
    let path = path.strip_prefix(&server::place()).unwrap_or(path);
    let mut names = path.split('/').skip(1);
    match (names.next(), names.next()) {
        (Some("projects"), Some(project)) if !project.is_empty() => project.to_owned(),
        _ => DEFAULT_PROJECT.to_owned(),
    }
}

/// Leads to one of these addresses. They are whole: the router must not put the server's place before them again.
pub(crate) fn use_go() -> impl Fn(&str, NavigateOptions) + Clone {
    let navigate = use_navigate();
    move |address, options| {
        navigate(
            address,
            NavigateOptions {
                resolve: false,
                ..options
            },
        );
    }
}
