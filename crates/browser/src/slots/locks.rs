//! Locks between the tabs of one origin. Pages that came without encryption, other than from this machine, have none.

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`; web-sys does not have it as stable.
    #[derive(Debug, Clone)]
    pub type Locks;

    #[wasm_bindgen(method, js_name = request)]
    fn request_with(this: &Locks, name: &str, options: &Object, granted: &Function) -> Promise;

    /// What is held and waited for.
    #[wasm_bindgen(method)]
    pub fn query(this: &Locks) -> Promise;
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    release: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A function that resolves a promise does not throw.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

impl Locks {
    /// The browser's, for a page or a worker.
    pub fn of_browser() -> Option<Self> {
        let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
        let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
        (!locks.is_undefined()).then(|| locks.unchecked_into())
    }

    /// The lock of this name, if nobody has it.
    ///
    /// # Errors
    /// What the browser says, which gives none to a page without an origin.
    pub async fn take(&self, name: &str) -> Result<Option<Lock>, JsValue> {
        self.request(name, true).await
    }

    /// The lock of this name, when those before have had it.
    ///
    /// # Errors
    /// As in [`Self::take`].
    pub async fn wait_for(&self, name: &str) -> Result<Lock, JsValue> {
        let lock = self.request(name, false).await?;
        lock.ok_or_else(|| js_sys::Error::new("the lock was not given").into())
    }

    async fn request(&self, name: &str, only_if_free: bool) -> Result<Option<Lock>, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"ifAvailable".into(), &only_if_free.into())?;
        let (tell, told) = oneshot::channel::<Option<Lock>>();
        let granted = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                // Who asked may be gone.
                let _ = tell.send(None);
                return JsValue::UNDEFINED;
            }
            let mut release = None;
            let released = Promise::new(&mut |resolve, _| release = Some(resolve));
            // Where nobody waits any more, the lock comes back and is dropped.
            let _ = tell.send(release.map(|release| Lock { release }));
            released.into()
        });
        let request = self.request_with(name, &options, granted.unchecked_ref());
        match select(told, JsFuture::from(request)).await {
            Either::Left((lock, _)) => Ok(lock.ok().flatten()),
            Either::Right((Err(thrown), _)) => Err(thrown),
            Either::Right((Ok(_), mut told)) => Ok(told.try_recv().ok().flatten().flatten()),
        }
    }
}
