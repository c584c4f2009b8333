"""Sign-in at the provider of a hospital or a company (OpenID Connect), where the secrets name one.

Streamlit does it: https://docs.streamlit.io/develop/concepts/connections/authentication
"""

import streamlit as st


def must_sign_in() -> bool:
    """Whether this visitor has to sign in before they see any page."""
    return _is_asked_for() and not st.user.is_logged_in


def offer_sign_in() -> None:
    """Show a visitor who has to sign in first the way to do so."""
    st.title("Sign in", anchor=False)
    st.write("This server is for people who sign in.")
    st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)


def offer_sign_out() -> None:
    """Let whoever has signed in sign out; what they had open goes with their session."""
    if not _is_asked_for() or not st.user.is_logged_in:
        return
    name = st.user.get("name") or st.user.get("email")
    with st.container(horizontal=True, vertical_alignment="center"):
        if name:
            st.text(f"Signed in as {name}", width="content")
        st.button("Sign out", icon=":material/logout:", on_click=st.logout)


def signed_in_as() -> str:
    """The provider's identifier of who has signed in; "" of nobody in particular."""
    if not _is_asked_for() or not st.user.is_logged_in:
        return ""
    return f"{st.user.get('iss', '')} {st.user.get('sub', '')}"


def _is_asked_for() -> bool:
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets
