namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Definitions as people wrote them for Marathon 1.4 and 1.8, in both forms of networking.</summary>
internal static class OldDefinitions
{
    /// <summary>1.4: a command with ports and uris.</summary>
    public const string Command14 = """
        {
          "id": "/batch/reporter",
          "cmd": "env && sleep 3600",
          "cpus": 0.1, "mem": 32, "disk": 0, "instances": 2,
          "ports": [0, 0],
          "requirePorts": false,
          "uris": ["http://repo.example/conf.tar.gz", "http://repo.example/motd"],
          "env": { "LEVEL": "info" },
          "labels": { "owner": "reports" },
          "constraints": [["hostname", "GROUP_BY"]],
          "backoffSeconds": 1, "backoffFactor": 1.15, "maxLaunchDelaySeconds": 3600,
          "healthChecks": [{ "protocol": "TCP", "portIndex": 0, "gracePeriodSeconds": 30, "intervalSeconds": 10, "timeoutSeconds": 5, "maxConsecutiveFailures": 3 }],
          "upgradeStrategy": { "minimumHealthCapacity": 0.5, "maximumOverCapacity": 0.5 },
          "acceptedResourceRoles": ["*"],
          "user": null, "executor": "", "storeUrls": [], "dependencies": []
        }
        """;

    /// <summary>1.4: a container behind a bridge, with the network and the mappings below docker.</summary>
    public const string Bridge14 = """
        {
          "id": "/shop/web",
          "cmd": "exec httpd -f -p 8080 -h /www",
          "cpus": 0.1, "mem": 32, "instances": 1,
          "container": {
            "type": "DOCKER",
            "volumes": [],
            "docker": {
              "image": "orchestrator-e2e:busybox",
              "network": "BRIDGE",
              "portMappings": [{ "containerPort": 8080, "hostPort": 0, "servicePort": 10080, "protocol": "tcp", "labels": { "VIP_0": "/shop-web:80" } }],
              "privileged": false,
              "parameters": [],
              "forcePullImage": false
            }
          },
          "healthChecks": [{ "protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 60, "intervalSeconds": 1, "timeoutSeconds": 5, "maxConsecutiveFailures": 3, "ignoreHttp1xx": false }],
          "labels": { "HAPROXY_GROUP": "external" },
          "ipAddress": null, "residency": null
        }
        """;

    /// <summary>1.8: networks and mappings in their own fields.</summary>
    public const string Bridge18 = """
        {
          "id": "/shop/api",
          "cmd": "exec httpd -f -p 8080 -h /www",
          "cpus": 0.1, "mem": 32, "instances": 1,
          "container": {
            "type": "DOCKER",
            "docker": { "image": "orchestrator-e2e:busybox", "forcePullImage": false, "privileged": false, "parameters": [] },
            "volumes": [],
            "portMappings": [{ "containerPort": 8080, "hostPort": 0, "servicePort": 10081, "protocol": "tcp", "name": "http", "labels": {} }]
          },
          "networks": [{ "mode": "container/bridge" }],
          "portDefinitions": [],
          "healthChecks": [{ "protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 60, "intervalSeconds": 1, "timeoutSeconds": 5, "maxConsecutiveFailures": 3, "delaySeconds": 15, "ipProtocol": "IPv4" }],
          "upgradeStrategy": { "minimumHealthCapacity": 1, "maximumOverCapacity": 0.2 },
          "killSelection": "YOUNGEST_FIRST",
          "unreachableStrategy": { "inactiveAfterSeconds": 0, "expungeAfterSeconds": 0 }
        }
        """;

    /// <summary>1.8: a command on the host network with named ports, a readiness check and files to fetch.</summary>
    public const string Host18 = """
        {
          "id": "/batch/indexer",
          "cmd": "sleep 3600",
          "cpus": 0.1, "mem": 32, "instances": 1, "gpus": 0,
          "networks": [{ "mode": "host" }],
          "portDefinitions": [{ "port": 0, "protocol": "tcp", "name": "http-api", "labels": { "VIP_0": "/indexer:80" } }, { "port": 0, "protocol": "udp,tcp", "name": "gossip" }],
          "requirePorts": false,
          "fetch": [{ "uri": "http://repo.example/index.tgz", "extract": true, "executable": false, "cache": true, "destPath": "index.tgz" }],
          "readinessChecks": [{ "name": "ready", "protocol": "HTTP", "path": "/ready", "portName": "http-api", "intervalSeconds": 30, "timeoutSeconds": 10, "httpStatusCodesForReady": [200], "preserveLastResponse": false }],
          "constraints": [["@zone", "MAX_PER", "2"]],
          "dependencies": ["/shop/api"],
          "killSelection": "OLDEST_FIRST",
          "unreachableStrategy": "disabled",
          "taskKillGracePeriodSeconds": 10
        }
        """;
}
