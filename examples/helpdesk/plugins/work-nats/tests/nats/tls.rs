//! TLS: an authority of one's own, certificates on both sides, and what is said where they do not fit.

use std::path::PathBuf;

use helpdesk_work::Work;
use helpdesk_work_nats::{NatsWork, NatsWorkConfig, TlsFiles};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};

use crate::server::{Folder, LEASE, Server, at, given};

/// An authority with a folder of what it has signed.
struct Authority {
    folder: Folder,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key.
struct Pair {
    certificate: PathBuf,
    key: PathBuf,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("signed");
        let folder = Folder::new(name);
        folder.write("authority.pem", &issuer.pem());
        Self { folder, issuer }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    fn signed(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Pair {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("signed");
        let write = |what: &str, text: &str| self.folder.write(&format!("{name}.{what}"), text);
        Pair {
            certificate: write("pem", &certificate.pem()),
            key: write("key", &key.serialize_pem()),
        }
    }

    /// A server with this certificate; where `is_mutual`, it wants one of this authority's, too.
    async fn server(&self, name: &str, pair: &Pair, is_mutual: bool) -> Option<Server> {
        let tls = format!(
            "tls {{ cert_file: '{}', key_file: '{}', ca_file: '{}', verify: {is_mutual} }}",
            pair.certificate.display(),
            pair.key.display(),
            self.file().display(),
        );
        Server::with(name, &tls).await
    }
}

fn with(server: &Server, tls: TlsFiles) -> NatsWorkConfig {
    NatsWorkConfig {
        tls: Some(tls),
        ..at(server.address())
    }
}

fn trusting(authority: &Authority) -> TlsFiles {
    TlsFiles {
        authority: Some(authority.file()),
        ..TlsFiles::default()
    }
}

/// What is said of a start that cannot be.
async fn refused(config: NatsWorkConfig) -> String {
    let address = config.servers[0].clone();
    let error = NatsWork::open(config).await.err().expect("refused");
    assert!(std::error::Error::source(&error).is_some(), "{error:?}");
    error.to_string().replace(&address, "SERVER")
}

#[tokio::test]
async fn a_server_of_ones_own_authority_is_taken_also_when_it_is_restarted() {
    let authority = Authority::new("own");
    let pair = authority.signed("127.0.0.1", |_| {});
    let Some(server) = authority.server("tls", &pair, false).await else {
        return;
    };
    let work = NatsWork::open(with(&server, trusting(&authority))).await;
    let work = work.expect("opened");
    let mut claim = given(&work, "k").await;
    server.kill();
    server.start().await;
    while let Err(error) = work.extend(&mut claim, LEASE).await {
        assert!(error.is_transient(), "{error:?}");
    }
    work.done(&claim).await.expect("current");
}

#[tokio::test]
async fn a_certificate_that_is_not_to_be_trusted_is_refused_with_what_to_do() {
    let (authority, other) = (Authority::new("signs"), Authority::new("unknown"));
    let right = authority.signed("127.0.0.1", |_| {});
    let Some(server) = authority.server("untrusted", &right, false).await else {
        return;
    };
    let unknown = "the certificate of SERVER is of an authority that is not trusted: name the file of its authority in \
                   `tls`, as `authority`";
    assert_eq!(refused(with(&server, trusting(&other))).await, unknown);
    assert_eq!(refused(with(&server, TlsFiles::default())).await, unknown);
    // The server asks for TLS where the configuration does not.
    assert_eq!(refused(at(server.address())).await, unknown);
    let elsewhere = authority.signed("nats.example", |_| {});
    let over = authority.signed("127.0.0.1", |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    });
    for (pair, words) in [
        (
            elsewhere,
            "the certificate of SERVER is for another name: write the name that it has in `servers`",
        ),
        (
            over,
            "the certificate of SERVER is not valid at this time: renew it, or set the clock of this machine",
        ),
    ] {
        let server = authority.server("unfit", &pair, false).await;
        let server = server.expect("as before");
        assert_eq!(refused(with(&server, trusting(&authority))).await, words);
    }
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_is_shown_one() {
    let (authority, other) = (Authority::new("both"), Authority::new("stranger"));
    let pair = authority.signed("127.0.0.1", |_| {});
    let Some(server) = authority.server("mutual", &pair, true).await else {
        return;
    };
    let showing = |pair: Pair| TlsFiles {
        certificate: Some(pair.certificate),
        key: Some(pair.key),
        ..trusting(&authority)
    };
    let work = NatsWork::open(with(&server, showing(authority.signed("helpdesk", |_| {})))).await;
    let work = work.expect("opened");
    let claim = given(&work, "k").await;
    work.done(&claim).await.expect("current");
    let words = "the server at SERVER wants a certificate that it trusts: name one in `tls`, as `certificate` and `key`";
    assert_eq!(refused(with(&server, trusting(&authority))).await, words);
    let strange = showing(other.signed("helpdesk", |_| {}));
    assert_eq!(refused(with(&server, strange)).await, words);
}

#[tokio::test]
async fn files_that_cannot_be_read_and_a_server_without_tls_are_told() {
    let authority = Authority::new("files");
    let pair = authority.signed("127.0.0.1", |_| {});
    let Some(server) = authority.server("files-tls", &pair, false).await else {
        return;
    };
    let absent = TlsFiles {
        authority: Some(authority.folder.path().join("absent.pem")),
        ..TlsFiles::default()
    };
    let no_key = TlsFiles {
        certificate: Some(pair.certificate.clone()),
        key: Some(pair.certificate.clone()),
        ..trusting(&authority)
    };
    for tls in [absent, no_key] {
        let words = "no TLS with SERVER: check the files that `tls` names";
        assert_eq!(refused(with(&server, tls)).await, words);
    }
    let plain = Server::new("no-tls").await.expect("as before");
    let words = "no TLS with SERVER: check that the server has it, or remove `tls`";
    assert_eq!(refused(with(&plain, trusting(&authority))).await, words);
}
