//! What can be made to go wrong with the backend's green, and who must notice it.

use super::deployment::{Cause, Outcome, Step};
use super::verdict::Deployed;
use clap::ValueEnum;
use photobooth_cloud::{Cloud, Fault as CloudFault};
use std::fmt;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// Green makes portraits of another theme than was asked for.
    BadGreen,
    /// Green's process runs and never opens.
    SlowStart,
    /// Green dies when the first guests have come to it.
    CrashMidShift,
    /// Green answers half of its requests with errors as soon as guests have come to it.
    ErrorSpike,
    /// A call of AWS that the pre-traffic hook makes is never answered.
    HookHang,
    /// ECS refuses every question for being one too many.
    Throttle,
}

/// Who notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// The hook of this event, with a check of this outcome: what is seen to be wrong is `failed`, what cannot be told in
    /// time is `unknown`.
    Hook {
        event: &'static str,
        outcome: &'static str,
    },
    /// An alarm, while guests are moved.
    Alarm,
}

impl Fault {
    /// Who must notice it.
    #[must_use]
    pub fn watch(self) -> Watch {
        let hook = |event, outcome| Watch::Hook { event, outcome };
        match self {
            Self::BadGreen => hook("AfterAllowTestTraffic", "failed"),
            Self::HookHang => hook("AfterAllowTestTraffic", "unknown"),
            Self::SlowStart => hook("AfterInstall", "failed"),
            Self::Throttle => hook("AfterInstall", "unknown"),
            Self::CrashMidShift | Self::ErrorSpike => Watch::Alarm,
        }
    }

    /// Whether a hook can only find it by waiting in vain.
    #[must_use]
    pub fn lasts_until_the_limit(self) -> bool {
        matches!(self, Self::SlowStart | Self::HookHang | Self::Throttle)
    }

    /// Whether a deployment ended as it must with this fault.
    #[must_use]
    pub fn is_caught(self, deployed: &Deployed) -> bool {
        let Outcome::RolledBack { at, cause } = &deployed.outcome else {
            return false;
        };
        match (self.watch(), at, cause) {
            (Watch::Hook { event, outcome }, Step::Hook { event: at, .. }, Cause::Step(_)) => {
                let last = deployed.hooks.last();
                at == event && last.is_some_and(|hook| hook.has_check(outcome))
            }
            (Watch::Alarm, Step::AllowTraffic, Cause::Alarm(_)) => true,
            _ => false,
        }
    }

    /// Breaks what the hook of `event` will ask, if that is this fault. Calls of other programs are not touched.
    pub(super) fn break_cloud(self, cloud: &Cloud, event: &str) {
        match (self, event) {
            (Self::HookHang, "AfterAllowTestTraffic") => {
                cloud.inject("DescribeTargetHealth", CloudFault::Hang);
            }
            (Self::Throttle, "AfterInstall") => {
                cloud.inject("DescribeServices", CloudFault::Throttle(u32::MAX));
            }
            _ => {}
        }
    }

    /// As on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BadGreen => "bad-green",
            Self::SlowStart => "slow-start",
            Self::CrashMidShift => "crash-mid-shift",
            Self::ErrorSpike => "error-spike",
            Self::HookHang => "hook-hang",
            Self::Throttle => "throttle",
        }
    }
}

impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Hook { event, .. } => write!(f, "the hook of {event}"),
            Self::Alarm => f.write_str("an alarm during AllowTraffic"),
        }
    }
}
