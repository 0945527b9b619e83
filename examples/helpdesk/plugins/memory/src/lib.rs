//! A helpdesk without services: to try a configuration out, and to test with.
//!
//! The plugin `memory` brings two components. What they know stands in the configuration:
//!
//! ```yaml
//! services:
//!   tickets:
//!     use: "memory:MemoryTicketSystem"
//!     params: { tickets: [{ id: "1", subject: "VPN broken", queue: { name: "Inbox" } }] }
//!   classifier:
//!     use: "memory:StubClassificationService"
//!     params: { rules: [{ contains: "VPN", label: "Network", confidence: 0.9 }] }
//! ```

treenail::plugin!();

mod classifier;
mod tickets;

pub use classifier::{Rule, StubClassificationService, StubConfig};
pub use tickets::{MemoryConfig, MemoryTicketSystem};
