//! Which engines may drive the app, by their own word in `Info`.

/// Line of CometBFT that is accepted: the dialect of the RPC, of blocks and of this socket are this line's.
pub const ENGINE_LINE: &str = "0.38";
/// First accepted patch: earlier ones let the time of a block differ from what its commit signatures say
/// (CSA-2026-001).
pub const ENGINE_PATCH_MIN: u32 = 21;
/// Version of ABCI that the engine must speak; its patch may differ.
pub const ABCI_VERSION: &str = "2.0";

/// An engine that this node does not work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineRefused {
    /// Another engine, another line or a patch with known holes.
    #[error(
        "the engine is version {version:?}; this node works with CometBFT {ENGINE_LINE}.{ENGINE_PATCH_MIN} or a later \
         {ENGINE_LINE}.x and nothing else"
    )]
    Version {
        /// What it said.
        version: String,
    },
    /// Another interface.
    #[error("the engine speaks ABCI {abci:?}, this node {ABCI_VERSION}.x")]
    Abci {
        /// What it said.
        abci: String,
    },
}

/// Accepts or refuses an engine.
pub fn judge(version: &str, abci: &str) -> Result<(), EngineRefused> {
    let refused = || EngineRefused::Version { version: version.to_string() };
    let patch = version.strip_prefix(ENGINE_LINE).and_then(|rest| rest.strip_prefix('.'));
    // A build may add a commit behind the patch: `0.38.25+abc` is 0.38.25; `0.38.25-rc1` is not released.
    let patch = patch.and_then(|rest| rest.split('+').next()).ok_or_else(refused)?;
    if patch.parse::<u32>().map_err(|_| refused())? < ENGINE_PATCH_MIN {
        return Err(refused());
    }
    match abci.strip_prefix(ABCI_VERSION).and_then(|rest| rest.strip_prefix('.')) {
        Some(patch) if patch.parse::<u32>().is_ok() => Ok(()),
        _ => Err(EngineRefused::Abci { abci: abci.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_and_its_mended_patches_are_accepted() {
        for good in ["0.38.21", "0.38.25", "0.38.100", "0.38.22+deadbeef"] {
            assert_eq!(judge(good, "2.0.0"), Ok(()), "{good}");
        }
        for bad in [
            "0.38.20",
            "0.38",
            "0.38.",
            "0.38.x",
            "0.39.4",
            "0.3.38",
            "1.0.1",
            "",
            "v0.38.25",
            "0.38.21-rc1",
        ] {
            assert!(matches!(judge(bad, "2.0.0"), Err(EngineRefused::Version { .. })), "{bad}");
        }
        for bad in ["", "2.1.0", "1.0.0", "2.0", "2.0.x"] {
            assert!(matches!(judge("0.38.25", bad), Err(EngineRefused::Abci { .. })), "{bad}");
        }
    }
}
