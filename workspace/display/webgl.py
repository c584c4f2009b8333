"""What is shown in place of a 3D scene where a browser cannot draw one."""

import streamlit as st

_NOTE = """<p class="no-webgl-note" role="status">This browser cannot draw in 3D: WebGL is turned
off or missing. Turn on hardware acceleration in its settings, or use another browser; the Compare
page shows the same slice by slice.</p>
<script>
  (() => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
    document.documentElement.toggleAttribute("data-no-webgl", !context);
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  })();
</script>"""


def note_without_webgl() -> None:
    """Say in our words that a browser without WebGL cannot draw; the scenes are then not shown."""
    st.html(_NOTE, unsafe_allow_javascript=True)
