//! What is said over the channels: arrays that begin with a number, which says what follows.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// Names with values.
pub type Headers = Vec<(String, String)>;

/// The channel on which all meet who know the service at this place.
pub fn hall(place: &str) -> String {
    format!("jobsphere-in-page:{place}")
}

/// The channel between the service and one client.
pub fn client_channel(place: &str, client: &str) -> String {
    format!("{}:{client}", hall(place))
}

/// The lock that a client holds as long as it lives.
pub fn client_lock(place: &str, client: &str) -> String {
    client_channel(place, client)
}

/// The lock that the service holds as long as it lives.
pub fn service_lock(place: &str) -> String {
    format!("{}:service", hall(place))
}

/// What is said to all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hall {
    /// A client wants to be served.
    Hello {
        /// Its name.
        client: String,
    },
    /// A service has begun; those before it have ended.
    Serving {
        /// Its name, which no other has.
        service: String,
    },
    /// No service can be.
    Refused {
        /// Why.
        sentence: String,
    },
}

impl Hall {
    /// As a message.
    pub fn write(&self) -> JsValue {
        let (kind, text) = match self {
            Self::Hello { client } => (0, client),
            Self::Serving { service } => (1, service),
            Self::Refused { sentence } => (2, sentence),
        };
        Array::of2(&JsValue::from(kind), &text.as_str().into()).into()
    }

    /// `None` for what is none.
    pub fn read(message: &JsValue) -> Option<Self> {
        let (kind, message) = kind(message)?;
        let text = message.get(1).as_string()?;
        Some(match kind {
            0 => Self::Hello { client: text },
            1 => Self::Serving { service: text },
            2 => Self::Refused { sentence: text },
            _ => return None,
        })
    }
}

/// What a client says to the service.
#[derive(Debug)]
pub enum ToService {
    /// Wants an answer.
    Ask {
        /// The number of the question.
        number: u32,
        /// As of HTTP.
        method: String,
        /// With what is behind `?`.
        path: String,
        /// Lower-case names.
        headers: Headers,
        /// Bytes.
        body: Option<Vec<u8>>,
        /// A file.
        file: Option<Blob>,
    },
    /// Has taken a piece of an answer.
    Taken {
        /// The number of the question.
        number: u32,
    },
    /// Wants no more of an answer.
    Drop {
        /// The number of the question.
        number: u32,
    },
}

impl ToService {
    /// As a message.
    pub fn write(&self) -> JsValue {
        match self {
            Self::Ask {
                number,
                method,
                path,
                headers,
                body,
                file,
            } => {
                let body = body.as_ref().map(|bytes| Uint8Array::from(bytes.as_slice()));
                let parts: [JsValue; 7] = [
                    0.into(),
                    (*number).into(),
                    method.as_str().into(),
                    path.as_str().into(),
                    write_headers(headers),
                    body.into(),
                    file.clone().into(),
                ];
                parts.iter().collect::<Array>().into()
            }
            Self::Taken { number } => Array::of2(&1.into(), &(*number).into()).into(),
            Self::Drop { number } => Array::of2(&2.into(), &(*number).into()).into(),
        }
    }

    /// `None` for what is none.
    pub fn read(message: &JsValue) -> Option<Self> {
        let (kind, message) = kind(message)?;
        let number = number(&message.get(1))?;
        Some(match kind {
            0 => Self::Ask {
                number,
                method: message.get(2).as_string()?,
                path: message.get(3).as_string()?,
                headers: read_headers(&message.get(4))?,
                body: message.get(5).dyn_into().ok().map(|bytes: Uint8Array| bytes.to_vec()),
                file: message.get(6).dyn_into().ok(),
            },
            1 => Self::Taken { number },
            2 => Self::Drop { number },
            _ => return None,
        })
    }
}

/// What the service says to a client.
#[derive(Debug)]
pub enum ToPage {
    /// It knows the client.
    Welcome {
        /// Its name.
        service: String,
    },
    /// The beginning of an answer.
    Head {
        /// The number of the question.
        number: u32,
        /// As of HTTP.
        status: u16,
        /// Lower-case names.
        headers: Headers,
        /// The whole body, where it is a file.
        file: Option<Blob>,
    },
    /// A piece of an answer.
    Piece {
        /// The number of the question.
        number: u32,
        /// Bytes.
        bytes: Vec<u8>,
    },
    /// The end of an answer.
    End {
        /// The number of the question.
        number: u32,
    },
    /// How much of a sent file has been taken.
    Progress {
        /// The number of the question.
        number: u32,
        /// Bytes from its beginning.
        bytes: f64,
    },
}

impl ToPage {
    /// As a message.
    pub fn write(&self) -> JsValue {
        match self {
            Self::Welcome { service } => Array::of2(&0.into(), &service.as_str().into()).into(),
            Self::Head {
                number,
                status,
                headers,
                file,
            } => {
                let parts: [JsValue; 5] = [
                    1.into(),
                    (*number).into(),
                    (*status).into(),
                    write_headers(headers),
                    file.clone().into(),
                ];
                parts.iter().collect::<Array>().into()
            }
            Self::Piece { number, bytes } => {
                Array::of3(&2.into(), &(*number).into(), &Uint8Array::from(bytes.as_slice())).into()
            }
            Self::End { number } => Array::of2(&3.into(), &(*number).into()).into(),
            Self::Progress { number, bytes } => Array::of3(&4.into(), &(*number).into(), &(*bytes).into()).into(),
        }
    }

    /// `None` for what is none.
    pub fn read(message: &JsValue) -> Option<Self> {
        let (kind, message) = kind(message)?;
        if kind == 0 {
            return Some(Self::Welcome {
                service: message.get(1).as_string()?,
            });
        }
        let number = number(&message.get(1))?;
        Some(match kind {
            1 => Self::Head {
                number,
                status: message.get(2).as_f64()? as u16,
                headers: read_headers(&message.get(3))?,
                file: message.get(4).dyn_into().ok(),
            },
            2 => Self::Piece {
                number,
                bytes: message.get(2).dyn_into::<Uint8Array>().ok()?.to_vec(),
            },
            3 => Self::End { number },
            4 => Self::Progress {
                number,
                bytes: message.get(2).as_f64()?,
            },
            _ => return None,
        })
    }

    /// The number of the question it belongs to.
    pub fn number(&self) -> Option<u32> {
        match self {
            Self::Welcome { .. } => None,
            Self::Head { number, .. }
            | Self::Piece { number, .. }
            | Self::End { number }
            | Self::Progress { number, .. } => Some(*number),
        }
    }
}

fn kind(message: &JsValue) -> Option<(u32, &Array)> {
    let message: &Array = message.dyn_ref()?;
    Some((number(&message.get(0))?, message))
}

fn number(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|number| number as u32)
}

fn write_headers(headers: &Headers) -> JsValue {
    let texts = headers.iter().flat_map(|(name, value)| [name, value]);
    texts.map(|text| JsValue::from_str(text)).collect::<Array>().into()
}

fn read_headers(value: &JsValue) -> Option<Headers> {
    let texts: Vec<String> = value
        .dyn_ref::<Array>()?
        .iter()
        .map(|text| text.as_string())
        .collect::<Option<_>>()?;
    let pairs = texts.chunks_exact(2);
    Some(
        pairs
            .filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone())))
            .collect(),
    )
}
