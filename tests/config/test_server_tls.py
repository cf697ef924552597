"""Behind the server's own TLS the plain socket must not be touched: the same promises, by the longer way."""

import datetime
import ssl
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.exceptions import ConnectionClosed

from tests.config.wire import Serving


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    """A Twisted endpoint with a certificate for 127.0.0.1 that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    plain = serialization.NoEncryption()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return (
        f"ssl:0:interface=127.0.0.1:privateKey={tmp_path / 'key.pem'}:certKey={tmp_path / 'certificate.pem'}"
    )


def test_frames_arrive_in_order_and_the_drain_says_1012(
    serve: Callable[..., Serving], endpoint: str, tmp_path: Path
) -> None:
    server = serve(endpoints=[endpoint])
    trusting = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
    with server.open("mixed", ssl=trusting) as one:
        one.send("go")
        assert [int(one.recv()) for _ in range(200)] == list(range(200))
        server.stop()
        with pytest.raises(ConnectionClosed) as ended:
            one.recv(timeout=40)
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 1012
    assert server.end() == 0
    assert server.log.read_text() == ""
