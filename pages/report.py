"""The open case in figures, words and a picture, and all of it as files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from common.vocabulary import MODALITY_NAMES
from report.bundle import picture
from report.drawing.pictures import View
from report.drawing.planes import PLANES, largest_slice
from report.record import Record
from report.tables import CONVENTION
from workspace.case_results.case_record import record_of
from workspace.case_results.export import (
    Export,
    ExportOptions,
    current_export,
    reader,
    start_export,
)
from workspace.case_results.hospital_files import (
    came_as_dicom,
    object_writer,
    series_of,
)
from workspace.display.empty_state import nothing_open
from workspace.display.frames_choice import frames_choice
from workspace.display.hospital_choice import hospital_choice
from workspace.display.page_frame import case_line, case_notes, plain
from workspace.display.report_rows import figure_rows
from workspace.display.tables import figures_table
from workspace.jobs.polling import poll
from workspace.jobs.segmentation import PANEL_NAMES
from workspace.jobs.waiting import answers_so_far
from workspace.open_case import OpenCase, current_case
from workspace.own_frames import as_shown
from workspace.session.page_redirect import enter_by_app
from workspace.session.widget_state import keep, kept_checkbox, prepare

POLL_SECONDS = 0.5
KINDS = {
    "zip": ("Everything as one zip", ":material/folder_zip:", "application/zip"),
    "pdf": ("Report (PDF)", ":material/picture_as_pdf:", "application/pdf"),
    "csv": ("Numbers (CSV)", ":material/table:", "text/csv"),
    "json": ("Numbers (JSON)", ":material/data_object:", "application/json"),
    "png": ("Picture (PNG)", ":material/image:", "image/png"),
}


def main() -> None:
    st.title("Report")
    opened = current_case()
    if opened is None:
        nothing_open("Its figures, pictures and files will be here.")
        return
    with st.spinner("Reading the sequences as they came …"):
        shown = as_shown(opened)
    case_line(shown)
    frames_choice(opened)
    case_notes(shown)
    answers = answers_so_far(opened, shown)
    if not answers:
        st.markdown("The report begins when the first model has answered.")
        return
    with st.spinner("Measuring …"):
        record = record_of(shown, answers)
    _figures(record)
    view = _picture(shown, record)
    _files(shown, record, view)


def _figures(record: Record) -> None:
    st.subheader("Figures")
    figures_table(figure_rows(record.findings, sized=record.case.voxel_size_known))
    st.caption(f"WT whole tumour, TC tumour core, ET enhancing tumour. {CONVENTION}")
    if record.remark:
        st.info(plain(record.remark), icon=":material/info:")
    if record.differences:
        st.subheader("Where the models differ")
        st.markdown("\n".join(f"- {plain(text)}" for text in record.differences.values()))


def _picture(opened: OpenCase, record: Record) -> View:
    st.subheader("Picture")
    view = _chosen_view(opened, record)
    # Sharp on a large screen: each column as wide as the page would show it alone.
    with st.container(key="report-picture"):
        st.image(picture(record, view, width=360), alt=_alt_text(record, view), width="stretch")
    return view


def _alt_text(record: Record, view: View) -> str:
    """The picture in words, for those who do not see it."""
    return f"{view.caption}: {', '.join(finding.title for finding in record.findings)}"


def _chosen_view(opened: OpenCase, record: Record) -> View:
    planes = ["axial"] if opened.case.shape[2] == 1 else list(PLANES)
    with st.container(horizontal=True, gap="medium"):
        plane = _choice("Plane", planes, planes[0], {k: p.name for k, p in PLANES.items()}, opened)
        present, first = opened.case.present, record.best_modality
        modality = _choice("Modality", present, first, MODALITY_NAMES, opened)
        return View(plane, modality, _chosen_slice(opened, record, plane))


def _chosen_slice(opened: OpenCase, record: Record, plane: str) -> int:
    """From 0; at first the slice with the most tumour."""
    count = opened.case.shape[PLANES[plane].normal]
    if count == 1:
        return 0
    start = largest_slice(record.leading, PLANES[plane], record.images.box) + 1
    key = prepare(f"slice-{plane}-{opened.key}", start)
    return keep(key, st.slider("Slice", 1, count, key=key, width=420)) - 1


def _choice(
    label: str, options: Sequence[str], first: str, names: Mapping[str, str], opened: OpenCase
) -> str:
    key = prepare(f"{label}-{opened.key}", first)
    chosen = st.segmented_control(label, options, required=True, format_func=names.get, key=key)
    # Even so it answers None in the run in which a page that was left is entered again.
    return keep(key, chosen or first)


def _files(opened: OpenCase, record: Record, view: View) -> None:
    st.subheader("Files")
    sized = opened.case.voxel_size_known
    st.markdown(
        f"Label maps and probabilities as {'NIfTI on the grid' if sized else 'PNG of the size'} of "
        "your files, the picture above, the numbers, and a report to print. They are made on "
        "request, and deleted from the server when you open another case or close this one, and "
        "within two minutes of your leaving."
    )
    probabilities = kept_checkbox(
        "Add the probabilities (one file a model and region; most of the size)",
        "export-probabilities",
        first=True,
    )
    hospital = hospital_choice(series_of(opened)) if came_as_dicom(opened) else None
    models = tuple(each.name for each in record.segmented)
    options = ExportOptions(
        opened.key,
        models,
        view,
        probabilities,
        agreement=record.agreed is not None,
        hospital=hospital,
    )
    export = current_export()
    if st.button("Make the files", type="primary", icon=":material/inventory_2:"):
        objects = object_writer(opened, record, hospital) if hospital else None
        export = start_export(record, options, objects)
    if export is not None:
        settled = export.settled
        poll(_export, export, options, settled, every=None if settled else POLL_SECONDS)


def _export(export: Export, options: ExportOptions, was_settled: bool) -> None:
    if export.settled and not was_settled:
        st.rerun()  # draws it once more, and no longer asks
    if export.error is not None:
        st.error(f"The files could not be made: {export.error}", icon=":material/error:")
        return
    if not export.settled:
        st.progress(export.progress, f"Making the files: {100 * export.progress:.0f} %")
        return
    if export.options != options:
        st.caption("These files are of an earlier choice; make them again for the present one.")
    _downloads(export)


def _downloads(export: Export) -> None:
    for column, (kind, (title, icon, mime)) in zip(
        st.columns(len(KINDS)), KINDS.items(), strict=True
    ):
        size = _size(export.files[kind].stat().st_size)
        _download(column, export.files[kind], f"{title}, {size}", icon, mime)
    columns = iter(st.columns(len(KINDS)))
    if (objects := export.files.get("dicom")) is not None:
        size = _size(objects.stat().st_size)
        icon = ":material/local_hospital:"
        _download(next(columns), objects, f"DICOM as one zip, {size}", icon, "application/zip")
    labels = {kind: file for kind, file in export.files.items() if kind.startswith("labels/")}
    for column, (kind, file) in zip(columns, labels.items(), strict=False):
        title = f"Label map: {PANEL_NAMES[kind.removeprefix('labels/')]}"
        _download(column, file, title, ":material/layers:")


def _download(
    column: DeltaGenerator, file: Path, title: str, icon: str, mime: str | None = None
) -> None:
    column.download_button(
        title,
        reader(file),
        file_name=file.name,
        mime=mime,
        icon=icon,
        width="stretch",
        on_click="ignore",
    )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{max(1, count / 1e3):.0f} kB"


enter_by_app()
main()
