"""An executor written from the wire format alone, with nothing but Python's standard library.

It runs a task until it is killed or until MARKS/finish-TASK is there, and counts launches in MARKS/launched.
A message "echo TEXT" comes back as "TEXT from TASK,TASK,...".
Usage: executor.py MARKS
"""
import base64
import http.client
import json
import os
import random
import sys
import threading
import time
import uuid

MARKS = sys.argv[1]
ENDPOINT = os.environ["MESOS_AGENT_ENDPOINT"]
IDS = {
    "framework_id": {"value": os.environ["MESOS_FRAMEWORK_ID"]},
    "executor_id": {"value": os.environ["MESOS_EXECUTOR_ID"]},
}
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}

lock = threading.RLock()
tasks = {}  # Launched and not told terminal.
untold = {}  # Launched, and no update of them acknowledged yet: TaskInfo by id.
updates = {}  # Not acknowledged: the update by uuid, oldest first.
shut_down = threading.Event()


def post(call):
    connection = http.client.HTTPConnection(ENDPOINT, timeout=10)
    try:
        connection.request("POST", "/api/v1/executor", json.dumps({**IDS, **call}), HEADERS)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 202:
            print(f"{call['type']} answered {answer.status} {text}", flush=True)
    except (OSError, http.client.HTTPException) as error:
        print(f"{call['type']} not sent: {error}", flush=True)
    finally:
        connection.close()


def update(task, state):
    with lock:
        mark = base64.b64encode(uuid.uuid4().bytes).decode()
        told = {"status": {"task_id": {"value": task}, "state": state, "source": "SOURCE_EXECUTOR", "uuid": mark}}
        updates[mark] = told
        if state != "TASK_RUNNING":
            tasks.pop(task, None)
    # Lost or not: it is told again with the next subscription until it is acknowledged.
    post({"type": "UPDATE", "update": told})


def launch(task):
    name = task["task_id"]["value"]
    with lock:
        tasks[name] = task
        untold[name] = task
    with open(os.path.join(MARKS, "launched"), "a", encoding="utf-8") as file:
        file.write(name + "\n")
    update(name, "TASK_RUNNING")


def finish():
    """Ends tasks that are told so by a file."""
    while not shut_down.is_set():
        with lock:
            ended = [task for task in tasks if os.path.exists(os.path.join(MARKS, "finish-" + task))]
        for task in ended:
            update(task, "TASK_FINISHED")
        time.sleep(0.05)


def handle(event):
    kind = event["type"]
    if kind == "LAUNCH":
        launch(event["launch"]["task"])
    elif kind == "LAUNCH_GROUP":
        for task in event["launch_group"]["task_group"]["tasks"]:
            launch(task)
    elif kind == "KILL":
        update(event["kill"]["task_id"]["value"], "TASK_KILLED")
    elif kind == "ACKNOWLEDGED":
        with lock:
            updates.pop(event["acknowledged"]["uuid"], None)
            untold.pop(event["acknowledged"]["task_id"]["value"], None)
    elif kind == "MESSAGE":
        text = base64.b64decode(event["message"]["data"]).decode()
        with lock:
            answer = text.removeprefix("echo ") + " from " + ",".join(sorted(tasks))
        post({"type": "MESSAGE", "message": {"data": base64.b64encode(answer.encode()).decode()}})
    elif kind == "SHUTDOWN":
        shut_down.set()
        with lock:
            running = list(tasks)
        for task in running:
            update(task, "TASK_KILLED")


def subscribe():
    connection = http.client.HTTPConnection(ENDPOINT, timeout=3600)
    with lock:
        call = {
            "type": "SUBSCRIBE",
            "subscribe": {"unacknowledged_tasks": list(untold.values()), "unacknowledged_updates": list(updates.values())},
        }
    connection.request("POST", "/api/v1/executor", json.dumps({**IDS, **call}), HEADERS)
    answer = connection.getresponse()
    if answer.status != 200:
        raise OSError(f"SUBSCRIBE answered {answer.status} {answer.read().decode()}")
    while True:
        length = answer.readline()
        if not length:
            raise OSError("the stream ended")
        handle(json.loads(answer.read(int(length))))
        if shut_down.is_set() and not updates:
            return


def main():
    threading.Thread(target=finish, daemon=True).start()
    while not shut_down.is_set():
        try:
            subscribe()
        except (OSError, ValueError, http.client.HTTPException) as error:
            print(f"not subscribed: {error}", flush=True)
            time.sleep(random.uniform(0, 0.3))


main()
