//! The one canonical form: what a builder makes and a verifier demands.

use suyuan_trace_api::digest::Digest;

use crate::contracts::Homes;
use crate::fault::Fault;
use crate::format::{Certificate, Code};
use crate::header;
use crate::limits::FILE_BYTES_MAX;
use crate::pack::{unpack, Packer};
use crate::proofs::paths_mut;
use crate::proto;

impl Certificate {
    /// The bytes of the file.
    ///
    /// # Errors
    /// None in practice: a certificate is plain data.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec(self).map_err(|e| Fault::Unreadable(e.to_string()))
    }

    /// Reads a file and demands that it is in canonical form.
    ///
    /// # Errors
    /// [`Fault::TooLarge`], [`Fault::Unreadable`], [`Fault::UnknownFormat`], [`Fault::NotCanonical`],
    /// [`Fault::DigestMismatch`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(Fault::TooLarge(format!("{} bytes", bytes.len())));
        }
        let certificate: Self =
            serde_json::from_slice(bytes).map_err(|e| Fault::Unreadable(e.to_string()))?;
        if certificate.format != crate::format::FORMAT {
            return Err(Fault::UnknownFormat(certificate.format));
        }
        let canonical = certificate.to_bytes()?;
        if canonical != bytes {
            let same = canonical.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            return Err(Fault::NotCanonical(same.to_string()));
        }
        let digest = digest_of(bytes);
        if digest != certificate.digest {
            return Err(Fault::DigestMismatch(digest.to_string()));
        }
        Ok(certificate)
    }

    /// Brings everything that a builder may leave in another order into canonical form: lists in order, proof nodes in
    /// order and without those that nobody uses, the commit as short as can be, the digest.
    ///
    /// # Errors
    /// [`Fault`] where addresses, validators or proof nodes cannot be read.
    pub fn seal(mut self) -> Result<Self, Fault> {
        self.codes.sort_by_key(|code| code.id);
        self.units.sort_by_key(|unit| unit.number);
        self.links.sort_by_key(|link| link.id);
        self.events.sort_by_key(|event| event.number);
        Homes::read(&self.contracts)?;
        self.repack()?;
        let set = header::validators(&self.validators)?;
        while let Some(place) = header::surplus(&self.commit, &set) {
            self.commit.signatures[place] = None;
        }
        self.reseal()
    }

    /// Checksums of all codes in it, in hex; those that cannot be read are left out.
    pub fn checksums(&self) -> Vec<String> {
        let read = |code: &Code| proto::code_checksum(&code.info.value.0).ok().map(hex::encode);
        self.codes.iter().filter_map(read).collect()
    }

    /// Computes the digest anew, and nothing else.
    ///
    /// # Errors
    /// None in practice.
    pub fn reseal(mut self) -> Result<Self, Fault> {
        self.digest = Digest::ZERO;
        self.digest = digest_of(&self.to_bytes()?);
        Ok(self)
    }

    /// Packs the proof nodes anew.
    fn repack(&mut self) -> Result<(), Fault> {
        let nodes = std::mem::take(&mut self.proof.nodes);
        let mut packer = Packer::default();
        for path in paths_mut(self) {
            *path = packer.add(&unpack(&nodes, *path)?)?;
        }
        self.proof.nodes = packer.finish();
        Ok(())
    }
}

/// Digest of canonical bytes: zeros stand for its own 64 digits, which come last but for two characters.
fn digest_of(bytes: &[u8]) -> Digest {
    const AFTER: usize = 2;
    const DIGITS: usize = 64;
    let cut = bytes.len().saturating_sub(AFTER + DIGITS);
    let tail = bytes.len().saturating_sub(AFTER);
    Digest::of(&[&bytes[..cut], &[b'0'; DIGITS], &bytes[tail..]])
}
