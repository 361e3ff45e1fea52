//! What the API server answers when it refuses.

/// A refusal, as `kubectl` would get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status: 400, 403, 404, 409, 422.
    pub code: u16,
    /// `BadRequest`, `Invalid`, `Forbidden`, `NotFound`, `Conflict`.
    pub reason: &'static str,
    /// The text.
    pub message: String,
}

impl ApiError {
    /// 400: what was sent cannot be read.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self { code: 400, reason: "BadRequest", message: message.into() }
    }

    /// 403: admission refuses.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { code: 403, reason: "Forbidden", message: message.into() }
    }

    /// 404: nothing of that name.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { code: 404, reason: "NotFound", message: message.into() }
    }

    /// 422: a field is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self { code: 422, reason: "Invalid", message: message.into() }
    }
}
