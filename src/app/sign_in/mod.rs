//! Signing in.

pub(crate) mod state;
pub(crate) mod view;

pub(crate) use self::{
    state::{SignIn, use_sign_in},
    view::{dialog::SignInDialog, link::LinkDialog, switch::SignInSwitch},
};
