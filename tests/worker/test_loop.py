import threading

import pytest

from appliance.base import clock
from appliance.base.errors import EngineFailed, Invalid
from appliance.base.hub import Bell
from appliance.store import jobs
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT
from appliance.worker.loop import TRIES, Worker, run

pytestmark = pytest.mark.usefixtures("store")


def put(kind: str = "greet") -> Job:
    return Job.create(project_id=DEFAULT_PROJECT, kind=kind, subject="doc_1")


def reread(job: Job) -> Job:
    return Job.find(DEFAULT_PROJECT, job.id)


def fail_with(error: Exception):
    def task(job: Job) -> None:
        raise error

    return task


def test_a_job_is_done_once_and_marked_so():
    done = []
    worker = Worker({"greet": done.append}, bell=Bell())
    job = put()

    worker.run_until_idle()
    worker.run_until_idle()

    assert [each.id for each in done] == [job.id]
    assert reread(job).state == jobs.DONE


def test_two_workers_never_take_the_same_job():
    for _ in range(40):
        put()
    taken, lock = [], threading.Lock()

    def take() -> None:
        while job := Job.claim(clock.now()):
            with lock:
                taken.append(job.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 40


def test_a_failure_that_may_pass_is_tried_again_later():
    job = put()
    run(Job.claim(clock.now()), {"greet": fail_with(EngineFailed("The model died."))})

    again = reread(job)
    assert (again.state, again.trouble) == (jobs.WAITING, "The model died.")
    assert again.due_at > clock.now()


def test_a_failure_that_stays_is_not_tried_again():
    job = put()
    run(Job.claim(clock.now()), {"greet": fail_with(Invalid("No such kind of file."))})
    assert reread(job).state == jobs.FAILED


def test_an_unforeseen_failure_tells_the_admin_nothing_internal(caplog):
    job = put()
    run(Job.claim(clock.now()), {"greet": fail_with(KeyError("secret"))})
    assert "secret" not in reread(job).trouble


def test_a_job_that_never_ends_well_is_given_up():
    job = put()
    Job.update(tries=TRIES).where(Job.project_id == DEFAULT_PROJECT).execute()
    run(Job.claim(clock.now()), {"greet": fail_with(AssertionError())})
    assert reread(job).state == jobs.FAILED


def test_what_a_crash_interrupted_is_done_after_the_next_start():
    job, done = put(), threading.Event()
    Job.claim(clock.now())

    worker = Worker({"greet": lambda _: done.set()}, bell=Bell())
    worker.start()

    assert done.wait(5)
    worker.stop()
    assert reread(job).state == jobs.DONE


def test_what_takes_long_in_one_lane_delays_nothing_in_the_other():
    slow, quick = put("slow"), put("quick")
    running, done, go_on = (threading.Event() for _ in range(3))

    def take_long(job: Job) -> None:
        running.set()
        go_on.wait(10)

    long_lane = Worker({"slow": take_long}, bell=Bell())
    short_lane = Worker({"quick": lambda _: done.set()}, bell=Bell())
    long_lane.start()
    assert running.wait(5)
    short_lane.start()

    assert done.wait(5)
    short_lane.stop()
    assert reread(slow).state == jobs.RUNNING  # the second lane has not put it back
    go_on.set()
    long_lane.stop()
    assert {reread(each).state for each in (slow, quick)} == {jobs.DONE}
