from appliance.library import upkeep
from appliance.store import jobs
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT

PARKING = "# Parking\n\nVisitors park in the yard."


def test_a_document_whose_job_was_given_up_says_so(library):
    lost, waiting = library.accept(PARKING), library.accept("Another one.")
    Job.update(state=jobs.FAILED).where(
        Job.project_id == DEFAULT_PROJECT, Job.subject == lost.id
    ).execute()

    assert upkeep.settle() == 1
    assert library.again(lost).state == "failed"
    assert library.again(waiting).state == "queued"
