"""The few functions of libsodium that the tests' own clients need, by ctypes."""
import ctypes
import ctypes.util

_lib = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
_lib.sodium_init()


def _call(name, *arguments):
    if getattr(_lib, name)(*arguments) != 0:
        raise ValueError(f"{name}: not valid")


def box_keypair():
    """(public, secret) of X25519."""
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    _call("crypto_box_keypair", public, secret)
    return public.raw, secret.raw


def box_public(secret):
    public = ctypes.create_string_buffer(32)
    _call("crypto_scalarmult_base", public, secret)
    return public.raw


def box_seal_open(sealed, public, secret):
    plain = ctypes.create_string_buffer(max(len(sealed) - 48, 1))
    _call("crypto_box_seal_open", plain, sealed, ctypes.c_ulonglong(len(sealed)), public, secret)
    return plain.raw[:len(sealed) - 48]


def sign_keypair(seed):
    """(public, secret) of Ed25519."""
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    _call("crypto_sign_seed_keypair", public, secret, seed)
    return public.raw, secret.raw


def sign(message, secret):
    signature = ctypes.create_string_buffer(64)
    _call("crypto_sign_detached", signature, None, message, ctypes.c_ulonglong(len(message)), secret)
    return signature.raw


def sign_check(signature, message, public):
    """Raises ValueError."""
    _call("crypto_sign_verify_detached", signature, message, ctypes.c_ulonglong(len(message)), public)
