//! Several servers: the page's own is always there, others can be remembered, opened and forgotten. Opening one is a
//! page of its own, whose address says whose jobs it shows; nothing is sent to a server nobody has agreed to.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use tonic::Code;

use super::{
    address::DEFAULT_PROJECT,
    modal::show_while,
    notice::ErrorNotice,
    page_title::PageTitle,
    text::{Text, use_text, words},
};
use crate::browser::{self, document, remembered_servers, server};
use jobsphere_client::{
    CallError,
    servers::{Remembered, ServerUrl, ServerUrlError},
};

const NAME: &str = "server-name";
const ADDRESS: &str = "server-address";
const PROBLEM: &str = "server-problem";

/// The servers that this browser remembers.
#[derive(Clone, Copy)]
pub(crate) struct Servers {
    is_open: RwSignal<bool>,
    remembered: RwSignal<Vec<Remembered>>,
}

/// The page's servers.
pub(crate) fn use_servers() -> Servers {
    expect_context()
}

impl Servers {
    pub(crate) fn new() -> Self {
        Self {
            is_open: RwSignal::new(false),
            remembered: RwSignal::new(remembered_servers::all()),
        }
    }

    fn remember(self, name: &str, url: ServerUrl) {
        let name = match name.trim() {
            "" => host(&url).to_owned(),
            name => name.to_owned(),
        };
        remembered_servers::add(Remembered { name, url });
        self.remembered.set(remembered_servers::all());
    }

    fn forget(self, url: &ServerUrl) {
        remembered_servers::forget(url);
        self.remembered.set(remembered_servers::all());
        if server::current().as_ref() == Some(url) {
            document::open(&server::home());
        }
    }

    /// The name of the server that the page is about; none for the page's own.
    fn current_name(self) -> Option<String> {
        let current = server::current()?;
        let remembered = self.remembered.read();
        let known = remembered.iter().find(|known| known.url == current);
        Some(known.map_or_else(|| host(&current).to_owned(), |known| known.name.clone()))
    }
}

fn host(url: &ServerUrl) -> &str {
    url.origin().split_once("://").map_or(url.origin(), |(_, host)| host)
}

/// Opens the list of servers, and says which one the page is about when it is not its own.
#[component]
pub(crate) fn ServerSwitch() -> impl IntoView {
    let text = use_text();
    let servers = use_servers();
    let words = move || match servers.current_name() {
        Some(name) => text.get(words::ServerCurrent { name }),
        None => text.get(words::SERVERS),
    };
    view! { <button type="button" on:click=move |_| servers.is_open.set(true)>{words}</button> }
}

/// The list of servers, over whatever the page shows.
#[component]
pub(crate) fn ServerDialog() -> impl IntoView {
    let text = use_text();
    let servers = use_servers();
    let dialog = NodeRef::<html::Dialog>::new();
    show_while(servers.is_open.into(), dialog);
    let close = move |_| servers.is_open.set(false);
    view! {
        <dialog node_ref=dialog class="servers" aria-labelledby="servers-heading" on:close=move |_| servers.is_open.set(false)>
            <Show when=move || servers.is_open.get()>
                <h2 id="servers-heading">{text.say(words::SERVERS)}</h2>
                <ServerList />
                <NewServer />
                <div class="buttons">
                    <button type="button" on:click=close>{text.say(words::SERVERS_CLOSE)}</button>
                </div>
            </Show>
        </dialog>
    }
}

#[component]
fn ServerList() -> impl IntoView {
    let text = use_text();
    let servers = use_servers();
    let is_here = |url: Option<&ServerUrl>| server::current().as_ref() == url;
    let own = view! {
        <li>
            <ServerLink name=text.get(words::SERVER_OWN) address=server::home() is_here=is_here(None) />
            <code class="quiet">{server::own()}</code>
        </li>
    };
    let item = move |known: Remembered| {
        let Remembered { name, url } = known;
        let address = server::place_of(&url);
        let label = {
            let name = name.clone();
            move || text.get(words::ServerForgetLabel { name: name.as_str() })
        };
        let origin = url.origin().to_owned();
        view! {
            <li>
                <ServerLink name address is_here=is_here(Some(&url)) />
                <code class="quiet">{origin}</code>
                <button type="button" aria-label=label on:click=move |_| servers.forget(&url)>
                    {text.say(words::SERVER_FORGET)}
                </button>
            </li>
        }
    };
    view! {
        <ul class="server-list">
            {own}
            {move || servers.remembered.get().into_iter().map(item).collect_view()}
        </ul>
    }
}

/// Leads to a server's page. It is another page, not another view of this one: nothing of one server is left in the
/// memory of the other's page.
#[component]
fn ServerLink(name: String, address: String, is_here: bool) -> impl IntoView {
    let text = use_text();
    view! {
        <a href=address rel="external" aria-current=is_here.then_some("true")>{name}</a>
        {is_here.then(|| view! { <span class="quiet">{text.say(words::SERVER_HERE)}</span> })}
    }
}

/// Why a server was not taken.
#[derive(Clone)]
enum Problem {
    Address(ServerUrlError),
    /// It is the page's own.
    Own,
    NotAllowed(ServerUrl),
    Unreachable(ServerUrl),
    Call(CallError),
}

#[component]
fn ProblemText(problem: Problem) -> impl IntoView {
    let text = use_text();
    let paragraph = |words: String| view! { <p>{words}</p> }.into_any();
    match problem {
        Problem::Address(error) => paragraph(text.get(match error {
            ServerUrlError::Empty => words::SERVER_PROBLEM_EMPTY,
            ServerUrlError::Unencrypted => words::SERVER_PROBLEM_UNENCRYPTED,
            ServerUrlError::Scheme | ServerUrlError::Host => words::SERVER_PROBLEM_ADDRESS,
        })),
        Problem::Own => paragraph(text.get(words::SERVER_PROBLEM_OWN)),
        Problem::NotAllowed(url) => paragraph(text.get(words::ServerProblemNotAllowed {
            url: url.origin(),
            own: document::origin(),
        })),
        Problem::Unreachable(url) => paragraph(text.get(words::ServerProblemUnreachable {
            url: url.origin(),
            own: document::origin(),
        })),
        Problem::Call(error) => view! { <ErrorNotice error /> }.into_any(),
    }
}

/// Finds out whether the page may call `url` and whether a job service answers there. Nothing secret is sent.
async fn check(url: &ServerUrl) -> Result<(), Problem> {
    if url.origin() == document::origin() {
        return Err(Problem::Own);
    }
    if remembered_servers::reachable()
        .await
        .is_some_and(|allowed| !allowed.contains(url))
    {
        return Err(Problem::NotAllowed(url.clone()));
    }
    match browser::stranger(url.clone()).list(DEFAULT_PROJECT, 1, "").await {
        Ok(_) => Ok(()),
        // It understands the call, and wants to know who asks.
        Err(error)
            if matches!(
                error.code,
                Code::Unauthenticated | Code::PermissionDenied | Code::NotFound
            ) =>
        {
            Ok(())
        }
        Err(error) if matches!(error.code, Code::Unavailable | Code::DeadlineExceeded) => {
            Err(Problem::Unreachable(url.clone()))
        }
        Err(error) => Err(Problem::Call(error)),
    }
}

#[component]
fn NewServer() -> impl IntoView {
    let text = use_text();
    let servers = use_servers();
    let name = RwSignal::new(String::new());
    let address = RwSignal::new(String::new());
    let is_checking = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    // `None` until it is known, and when everything may be reached.
    let allowed = RwSignal::new(None::<Vec<ServerUrl>>);
    spawn_local(async move {
        allowed.try_set(remembered_servers::reachable().await);
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_checking.get_untracked() {
            return;
        }
        let url = match ServerUrl::parse(&address.get_untracked()) {
            Ok(url) => url,
            Err(error) => return problem.set(Some(Problem::Address(error))),
        };
        is_checking.set(true);
        problem.set(None);
        spawn_local(async move {
            let verdict = check(&url).await;
            is_checking.try_set(false);
            match verdict {
                Ok(()) => {
                    servers.remember(&name.try_get_untracked().unwrap_or_default(), url);
                    name.try_set(String::new());
                    address.try_set(String::new());
                }
                Err(found) => drop(problem.try_set(Some(found))),
            }
        });
    };
    let hint = move || match allowed.get() {
        Some(urls) if urls.is_empty() => text.get(words::SERVERS_NONE_ALLOWED),
        Some(urls) => {
            let urls: Vec<_> = urls.iter().map(ServerUrl::origin).collect();
            text.get(words::ServersAllowed { urls: urls.join(", ") })
        }
        None => String::new(),
    };
    view! {
        <form class="server-form" on:submit=submit novalidate>
            <h3>{text.say(words::SERVER_ADD_HEADING)}</h3>
            <p class="hint">{hint}</p>
            <div class="field">
                <label for=NAME>{text.say(words::NAME_LABEL)}</label>
                <input id=NAME autocomplete="off" bind:value=name />
            </div>
            <div class="field">
                <label for=ADDRESS>{text.say(words::SERVER_ADDRESS)}</label>
                <input
                    id=ADDRESS
                    class="code"
                    type="url"
                    autocomplete="off"
                    placeholder="https://jobs.example.org"
                    aria-describedby=PROBLEM
                    aria-invalid=move || problem.read().is_some().to_string()
                    bind:value=address
                />
                <div id=PROBLEM class="field-problems" role="alert">
                    {move || problem.get().map(|problem| view! { <ProblemText problem /> })}
                </div>
            </div>
            <button type="submit" aria-busy=move || is_checking.get().to_string()>{text.say(words::SERVER_ADD)}</button>
        </form>
    }
}

/// Instead of a page about a server that nobody has agreed to: who it is, and the choice.
#[component]
pub(crate) fn AskForServer() -> impl IntoView {
    let text = use_text();
    let servers = use_servers();
    let name = RwSignal::new(String::new());
    let allowed = RwSignal::new(None::<Problem>);
    let url = server::current();
    let origin = url.as_ref().map(|url| url.origin().to_owned()).unwrap_or_default();
    {
        let url = url.clone();
        spawn_local(async move {
            let (Some(url), Some(reachable)) = (url, remembered_servers::reachable().await) else {
                return;
            };
            if !reachable.contains(&url) {
                allowed.try_set(Some(Problem::NotAllowed(url)));
            }
        });
    }
    let agree = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(url) = url.clone() {
            servers.remember(&name.get_untracked(), url);
            // The page begins anew, now with somebody to talk to.
            document::reload();
        }
    };
    view! {
        <PageTitle title=Signal::derive(move || text.get(words::SERVER_ASK_TITLE)) />
        <h1>{text.say(words::SERVER_ASK_TITLE)}</h1>
        <p>{sentence(text, origin)}</p>
        <p>{text.say(words::SERVER_ASK_SENT)}</p>
        <div role="alert">{move || allowed.get().map(|problem| view! { <ProblemText problem /> })}</div>
        <form class="server-form" on:submit=agree>
            <div class="field">
                <label for=NAME>{text.say(words::SERVER_ASK_NAME)}</label>
                <input id=NAME autocomplete="off" bind:value=name />
            </div>
            <div class="buttons">
                <button class="button-main" type="submit">{text.say(words::SERVER_ASK_AGREE)}</button>
                <a class="button" href=server::home() rel="external">{text.say(words::SERVER_ASK_REFUSE)}</a>
            </div>
        </form>
    }
}

fn sentence(text: Text, origin: String) -> impl Fn() -> String {
    move || text.get(words::ServerAskText { url: origin.as_str() })
}
