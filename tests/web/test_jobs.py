from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT
from tests.web.parts import code_of


def test_jobs_tell_how_far_they_are(program, document):
    job = program.get("/v1/jobs").json["data"][0]

    assert (job["kind"], job["subject"], job["status"]) == ("ingest", document["id"], "done")
    assert program.get(f"/v1/jobs/{job['id']}").json == job


def test_jobs_are_found_by_state_and_subject(program, document):
    for query, count in (
        ({"status": "done"}, 1),
        ({"status": "failed"}, 0),
        ({"subject": document["id"]}, 1),
        ({"subject": "doc_x"}, 0),
    ):
        assert len(program.get("/v1/jobs", query_string=query).json["data"]) == count, query
    assert code_of(program.get("/v1/jobs?status=lost"))[0] == 422


def test_a_waiting_job_is_off_the_list_at_once(program):
    job = Job.create(project_id=DEFAULT_PROJECT, kind="ingest", subject="doc_1")
    cancelled = program.post(f"/v1/jobs/{job.id}/cancel")

    assert (cancelled.status_code, cancelled.json["status"]) == (202, "cancelled")


def test_a_running_job_is_asked_to_stop(program):
    job = Job.create(project_id=DEFAULT_PROJECT, kind="ingest", subject="doc_1", state="running")
    program.post(f"/v1/jobs/{job.id}/cancel")

    assert Job.find(DEFAULT_PROJECT, job.id).cancel


def test_a_job_that_is_over_stays_so(program, document):
    path = f"/v1/jobs/{document['job']['id']}"

    assert program.post(f"{path}/cancel").json["status"] == "done"
