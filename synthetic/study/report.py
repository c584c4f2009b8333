"""A structured report beside the pictures, as archives send it along: nothing to segment."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import BasicTextSRStorage

from synthetic.study.header import Study, add_meta, start_dataset
from synthetic.study.identity import MARK, moment, uid
from synthetic.study.items import code
from synthetic.study.protocol import T1C

_SERIES = 99


def report_file(study: Study) -> Dataset:
    """A Basic Text SR of one sentence."""
    data = start_dataset(study, T1C, BasicTextSRStorage)
    data.Modality = "SR"
    data.SeriesNumber, data.InstanceNumber = _SERIES, 1
    data.SeriesDescription = "Report"
    del data.BodyPartExamined
    data.SeriesInstanceUID = uid(study.uid, str(_SERIES))
    data.SOPInstanceUID = uid(study.uid, "report")
    data.SeriesDate, data.SeriesTime = moment(3600)
    data.ContentDate, data.ContentTime = moment(3600)
    data.ReferencedPerformedProcedureStepSequence = Items([])
    data.PerformedProcedureCodeSequence = Items([])
    data.CompletionFlag, data.VerificationFlag = "COMPLETE", "UNVERIFIED"
    data.ValueType, data.ContinuityOfContent = "CONTAINER", "SEPARATE"
    data.ConceptNameCodeSequence = code("18748-4", "LN", "Diagnostic imaging study")
    data.ContentSequence = Items([_finding()])
    return add_meta(data)


def _finding() -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "TEXT"
    item.ConceptNameCodeSequence = code("121071", "DCM", "Finding")
    item.TextValue = f"A head with a glioma, {MARK}."
    return item
