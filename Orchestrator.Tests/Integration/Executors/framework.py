"""A framework written from the wire format alone, with nothing but Python's standard library.

It launches two tasks and a group of two on one executor, acknowledges every update and prints one line for each event.
Lines of its standard input: "message TEXT", "kill TASK", "shutdown", "teardown".
Usage: framework.py MASTER EXECUTOR.PY MARKS [FRAMEWORK_ID]    (with an id it takes over and launches nothing)
"""
import base64
import getpass
import http.client
import json
import sys
import threading

MASTER, EXECUTOR, MARKS = sys.argv[1:4]
EXECUTOR_ID = {"value": "python"}

framework_id = {"value": sys.argv[4]} if len(sys.argv) > 4 else None
launched = framework_id is not None
agent_id = None
stream_id = None


def say(*words):
    print(*words, flush=True)


def post(call):
    connection = http.client.HTTPConnection(MASTER, timeout=30)
    connection.request(
        "POST",
        "/api/v1/scheduler",
        json.dumps({"framework_id": framework_id, **call}),
        {"Content-Type": "application/json", "Mesos-Stream-Id": stream_id},
    )
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != 202:
        say("REFUSED", call["type"], answer.status, text)
    connection.close()


def resources(role, **amounts):
    return [
        {"name": name, "type": "SCALAR", "scalar": {"value": amount}, "allocation_info": {"role": role}}
        for name, amount in amounts.items()
    ]


def accept(offer):
    role = offer["allocation_info"]["role"]
    executor = {
        "type": "CUSTOM",
        "executor_id": EXECUTOR_ID,
        "name": "Python",
        "command": {
            "value": f"exec python3 executor.py {MARKS}",
            "uris": [{"value": EXECUTOR, "extract": False}],
        },
        "resources": resources(role, cpus=0.1, mem=64, disk=1),
    }

    def task(name):
        return {
            "name": name,
            "task_id": {"value": name},
            "agent_id": offer["agent_id"],
            "executor": executor,
            "resources": resources(role, cpus=0.1, mem=32),
        }

    post({
        "type": "ACCEPT",
        "accept": {
            "offer_ids": [offer["id"]],
            "operations": [
                {"type": "LAUNCH", "launch": {"task_infos": [task("t1"), task("t2")]}},
                {"type": "LAUNCH_GROUP", "launch_group": {"executor": executor, "task_group": {"tasks": [task("g1"), task("g2")]}}},
            ],
        },
    })


def handle(event):
    global framework_id, launched, agent_id
    kind = event["type"]
    if kind == "SUBSCRIBED":
        framework_id = event["subscribed"]["framework_id"]
        say("SUBSCRIBED", framework_id["value"])
        if launched:
            post({"type": "RECONCILE", "reconcile": {"tasks": []}})
    elif kind == "OFFERS":
        for offer in event["offers"]["offers"]:
            if launched:
                post({"type": "DECLINE", "decline": {"offer_ids": [offer["id"]]}})
            else:
                launched = True
                accept(offer)
    elif kind == "UPDATE":
        status = event["update"]["status"]
        agent_id = status.get("agent_id", agent_id)
        say("TASK", status["task_id"]["value"], status["state"], status.get("reason", ""))
        if "uuid" in status:
            post({
                "type": "ACKNOWLEDGE",
                "acknowledge": {"agent_id": agent_id, "task_id": status["task_id"], "uuid": status["uuid"]},
            })
    elif kind == "MESSAGE":
        say("MESSAGE", base64.b64decode(event["message"]["data"]).decode())
    elif kind == "FAILURE":
        say("FAILURE", event["failure"].get("executor_id", {}).get("value", ""), event["failure"].get("status", ""))
    elif kind == "ERROR":
        say("ERROR", event["error"]["message"])


def obey():
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "message":
            data = base64.b64encode(rest.encode()).decode()
            post({"type": "MESSAGE", "message": {"agent_id": agent_id, "executor_id": EXECUTOR_ID, "data": data}})
        elif word == "kill":
            post({"type": "KILL", "kill": {"task_id": {"value": rest}, "agent_id": agent_id}})
        elif word == "shutdown":
            post({"type": "SHUTDOWN", "shutdown": {"agent_id": agent_id, "executor_id": EXECUTOR_ID}})
        elif word == "teardown":
            post({"type": "TEARDOWN"})


def main():
    global stream_id
    info = {
        "user": getpass.getuser(),
        "name": "python",
        "checkpoint": True,
        "failover_timeout": 300,
        "roles": ["*"],
        "capabilities": [{"type": "MULTI_ROLE"}, {"type": "PARTITION_AWARE"}],
    }
    call = {"type": "SUBSCRIBE", "subscribe": {"framework_info": info}}
    if framework_id is not None:
        call["framework_id"] = info["id"] = framework_id
    connection = http.client.HTTPConnection(MASTER, timeout=3600)
    connection.request(
        "POST", "/api/v1/scheduler", json.dumps(call), {"Content-Type": "application/json", "Accept": "application/json"}
    )
    answer = connection.getresponse()
    if answer.status != 200:
        sys.exit(f"SUBSCRIBE answered {answer.status} {answer.read().decode()}")
    stream_id = answer.getheader("Mesos-Stream-Id")
    threading.Thread(target=obey, daemon=True).start()
    while length := answer.readline():
        handle(json.loads(answer.read(int(length))))


main()
