//! The order of all checks. A certificate is believed after the last one, not before.

use crate::contracts::{self, Homes, Role};
use crate::fault::Fault;
use crate::format::Certificate;
use crate::report::Report;
use crate::trust::{Addresses, Anchor, Checksums};
use crate::{events, graph, header, proofs};

/// On which terms a certificate is believed.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Whom to believe.
    pub anchor: Anchor,
    /// Which code to believe.
    pub checksums: Checksums,
    /// Which contracts count; an anchor may name them, too.
    pub deployment: Option<Addresses>,
}

/// Verifies a certificate: with nothing but its bytes and the terms, without any node.
///
/// 1. the file is in its one canonical form;
/// 2. more than two thirds of the header's validators signed it, and the anchor vouches for them;
/// 3. every record is under the app hash of that header, at the key where only it can be;
/// 4. the contracts belong together, run and ran known code only, and their histories are complete;
/// 5. units, links and events are exactly those that the records count and accumulate, and the units are exactly
///    those that the start leads to.
///
/// # Errors
/// [`Fault`] with the first thing that does not hold.
pub fn verify(bytes: &[u8], terms: &Terms) -> Result<Report, Fault> {
    judge(bytes, terms).map(|(_, report)| report)
}

/// The same, and the certificate as it was read.
///
/// # Errors
/// As [`verify`].
pub(crate) fn judge(bytes: &[u8], terms: &Terms) -> Result<(Certificate, Report), Fault> {
    let certificate = Certificate::from_bytes(bytes)?;
    let set = header::validators(&certificate.validators)?;
    let signed = header::check(&certificate, &set)?;
    let signer = header::check_anchor(&signed, &set, &terms.anchor)?;
    let homes = Homes::read(&certificate.contracts)?;
    check_deployment(&certificate, terms)?;
    proofs::check(&certificate, &homes)?;
    let contracts = contracts::check(&certificate, &terms.checksums)?;
    let known = graph::read(&certificate)?;
    graph::check(&certificate, &known)?;
    events::check(&certificate, &known)?;
    let header = &signed.header;
    let report = Report {
        signer,
        chain_id: certificate.chain_id.clone(),
        height: certificate.height,
        header_hash: hex::encode(header.hash().as_bytes()),
        header_time: header.time.to_rfc3339(),
        validators: certificate.validators.len(),
        start: certificate.start.clone(),
        direction: certificate.direction,
        units: certificate.units.len(),
        links: certificate.links.len(),
        events: certificate.events.len(),
        contracts,
        attestors: vec![],
    };
    Ok((certificate, report))
}

fn check_deployment(certificate: &Certificate, terms: &Terms) -> Result<(), Fault> {
    let of_anchor = match &terms.anchor {
        Anchor::Chain(chain) => chain.contracts.as_ref(),
        Anchor::None | Anchor::Header(_) => None,
    };
    for wanted in terms.deployment.iter().chain(of_anchor) {
        for role in Role::ALL {
            let found = &role.of(&certificate.contracts).address;
            if found != wanted.of(role) {
                return Err(Fault::OtherDeployment(format!(
                    "{} is at {found}, in the trusted deployment at {}",
                    role.name(),
                    wanted.of(role)
                )));
            }
        }
    }
    Ok(())
}
