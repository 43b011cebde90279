//! An authority of our own, and the certificates it gives out, as files and as a server's settings.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tempfile::TempDir;

/// An authority, with its files in a folder of its own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    folder: TempDir,
}

/// A certificate and its key, in PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let params = params_of_authority();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem, folder: tempfile::tempdir().unwrap() }
    }

    /// A certificate for `hosts` that is good today.
    pub fn issue(&self, hosts: &[&str]) -> Pair {
        self.sign(params(hosts))
    }

    /// A certificate for `hosts` that may itself sign others, as `openssl req -x509` makes it.
    pub fn issue_authority(&self, hosts: &[&str]) -> Pair {
        let mut params = params(hosts);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self.sign(params)
    }

    /// A certificate for `hosts` that was good until 2020.
    pub fn issue_expired(&self, hosts: &[&str]) -> Pair {
        let mut params = params(hosts);
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
        self.sign(params)
    }

    /// The authority's own certificate, as a file.
    pub fn file(&self) -> PathBuf {
        self.write("ca.pem", &self.pem)
    }

    /// Any text as a file.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A server that shows `pair` and asks the client for nothing.
    #[expect(clippy::unused_self, reason = "the sibling below needs it")]
    pub fn server(&self, pair: &Pair) -> ServerConfig {
        let (chain, key) = pair.der();
        builder().with_no_client_auth().with_single_cert(chain, key).unwrap()
    }

    /// A server that shows `pair` and lets in whom this authority knows.
    pub fn strict_server(&self, pair: &Pair) -> ServerConfig {
        let (chain, key) = pair.der();
        builder().with_client_cert_verifier(self.verifier()).with_single_cert(chain, key).unwrap()
    }

    /// An authority of the same name, with a key of another type.
    pub fn with_another_type_of_key() -> String {
        let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        params_of_authority().self_signed(&key).unwrap().pem()
    }

    fn verifier(&self) -> Arc<dyn rustls::server::danger::ClientCertVerifier> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap()
    }

    fn sign(&self, params: CertificateParams) -> Pair {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Pair { certificate, key: key.serialize_pem() }
    }
}

impl Pair {
    fn der(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap();
        (vec![certificate], PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap())
    }
}

fn params_of_authority() -> CertificateParams {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn params(hosts: &[&str]) -> CertificateParams {
    CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>()).unwrap()
}

fn builder() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
}
