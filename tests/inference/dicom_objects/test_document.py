from pydicom import dcmread

from inference.dicom_objects.document import pdf_document
from tests.inference.dicom_objects.conftest import MADE


def test_it_holds_the_pdf_and_the_study(answer, saved):
    pdf = b"%PDF-1.4 an odd number of bytes"
    found = dcmread(saved(pdf_document(pdf, [answer.result], answer.series, made=MADE)))
    assert found.EncapsulatedDocument[: found.EncapsulatedDocumentLength] == pdf
    assert found.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert found.PatientID == "P1"
    assert "research only" in found.DocumentTitle
    uids = [item.ReferencedSOPInstanceUID for item in found.SourceInstanceSequence]
    assert tuple(uids) == answer.header.sop_instance_uids


def test_its_uid_does_not_hang_on_the_date_in_a_pdf(answer):
    one, other = (
        pdf_document(pdf, [answer.result], answer.series, made=MADE) for pdf in (b"one", b"two")
    )
    assert one.SOPInstanceUID == other.SOPInstanceUID
