//! What is around every page: the head with its switches, the main part, the live region.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;

use super::{
    address::{DEFAULT_PROJECT, JOBS, NEW_JOB, SHARES, is_framed, is_of_link, project_address, project_of},
    announce::LiveRegion,
    new_job::state::fresh::Fresh,
    page_title::{MAIN, Opened},
    servers::{ServerDialog, ServerSwitch},
    sign_in::{LinkDialog, SignInDialog, SignInSwitch},
    text::{Language, Message, use_text, words},
};
use crate::browser::{
    document, remembered_servers, server,
    storage::{self, Scope},
};

const THEME: &str = "theme";
const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// The frame around the pages.
#[component]
pub(crate) fn Shell(children: Children) -> impl IntoView {
    let text = use_text();
    provide_context(Opened::none());
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        document::focus(MAIN);
    };
    let path = use_location().pathname;
    let is_of_link = Memo::new(move |_| is_of_link(&path.read()));
    let is_strange = !remembered_servers::is_agreed();
    let is_framed = Memo::new(move |_| is_framed(&path.read()));
    let head = move || {
        let home = if is_strange {
            server::home()
        } else {
            format!("{}/", server::place())
        };
        view! {
            <a class="skip" href="#main" on:click=skip>{text.say(words::SKIP_TO_CONTENT)}</a>
            <header class="head">
                <a class="brand" href=home rel=is_strange.then_some("external")>"Jobsphere"</a>
                // Who has a link alone can do nothing else here, and needs no account.
                <Show when=move || !is_of_link.get()>
                    <Sections is_strange />
                </Show>
                <div class="switches">
                    <Show when=move || !is_of_link.get()>
                        <ServerSwitch />
                        <SignInSwitch />
                    </Show>
                    <LanguageSwitch />
                    <ThemeSwitch />
                </div>
            </header>
        }
    };
    view! {
        <Show when=move || !is_framed.get()>{head}</Show>
        <main id=MAIN tabindex="-1">{children()}</main>
        <LiveRegion />
        <SignInDialog />
        <LinkDialog />
        <ServerDialog />
    }
}

#[component]
fn Sections(
    /// Nobody has agreed to the server that the address names: the links lead to the page's own, which is another page.
    is_strange: bool,
) -> impl IntoView {
    let text = use_text();
    let path = use_location().pathname;
    let project = Memo::new(move |_| project_of(&path.get()));
    let fresh: Fresh = expect_context();
    let section = move |part: &'static str, label: Message| {
        let address = Memo::new(move |_| {
            if is_strange {
                format!("{}projects/{DEFAULT_PROJECT}/{part}", server::home())
            } else {
                project_address(&project.get(), part)
            }
        });
        let is_here = move || (path.get() == address.get()).then_some("page");
        let begin = move |_| {
            if part == NEW_JOB {
                fresh.begin();
            }
        };
        view! {
            <a href=address rel=is_strange.then_some("external") aria-current=is_here on:click=begin>
                {text.say(label)}
            </a>
        }
    };
    view! {
        <nav aria-label=text.say(words::NAV_LABEL)>
            {section(JOBS, words::NAV_JOBS)} {section(NEW_JOB, words::NAV_NEW_JOB)} {section(SHARES, words::NAV_SHARES)}
        </nav>
    }
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let text = use_text();
    let is_missing = RwSignal::new(false);
    let choose = move |event| {
        let Some(language) = Language::from_tag(&event_target_value(&event)) else {
            return;
        };
        spawn_local(async move {
            let has_failed = text.choose(language).await.is_err();
            // What is chosen while words are on their way stays chosen.
            if has_failed || is_missing.get_untracked() {
                is_missing.set(has_failed);
            }
        });
    };
    // After a failure the language that is spoken is shown again.
    let shown = move || {
        is_missing.track();
        text.language().tag()
    };
    view! {
        <Show when=move || is_missing.get()>
            <div class="notice" role="alert">
                <p>{text.say(words::PAGE_NOT_LOADED)}</p>
                <button type="button" on:click=|_| document::reload()>{text.say(words::PAGE_RELOAD)}</button>
            </div>
        </Show>
        <select aria-label=text.say(words::LANGUAGE_LABEL) on:change=choose prop:value=shown>
            {Language::ALL
                .map(|language| {
                    view! {
                        <option
                            value=language.tag()
                            lang=language.tag()
                            selected=move || text.language() == language
                        >
                            {language.own_name()}
                        </option>
                    }
                })}
        </select>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let text = use_text();
    let stored = storage::get(Scope::Browser, THEME).filter(|theme| THEMES.contains(&theme.as_str()));
    let theme = RwSignal::new(stored.unwrap_or_else(|| THEMES[0].to_owned()));
    Effect::new(move || {
        let theme = theme.get();
        document::set_root_attribute("data-theme", (theme != THEMES[0]).then_some(theme.as_str()));
    });
    let choose = move |event| {
        let chosen = event_target_value(&event);
        storage::set(Scope::Browser, THEME, &chosen);
        theme.set(chosen);
    };
    view! {
        <select aria-label=text.say(words::THEME_LABEL) on:change=choose>
            <option value="auto" selected=move || theme.get() == "auto">{text.say(words::THEME_AUTO)}</option>
            <option value="light" selected=move || theme.get() == "light">{text.say(words::THEME_LIGHT)}</option>
            <option value="dark" selected=move || theme.get() == "dark">{text.say(words::THEME_DARK)}</option>
        </select>
    }
}
