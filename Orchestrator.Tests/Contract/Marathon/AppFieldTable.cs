namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Every field of an app: forms that are given, and what becomes of them. Facts: Marathon's app definition.</summary>
internal static class AppFieldTable
{
    /// <summary>
    /// Columns: field, what is given besides <c>id</c> and <c>cmd</c>, then either where in the answer stands what, or
    /// <c>! path</c> of the error. <c>absent</c> stands for nothing.
    /// </summary>
    public const string Rows = """
        id | "id":"web" | /id | "/web"
        id | "id":"/a/../web/" | /id | "/web"
        id | "id":"/Web" | ! /id
        id | "id":"/" | ! /id
        id | "id":"/a/restart" | ! /id
        id | "id":"/a/versions" | ! /id
        id | "id":7 | ! /id
        cmd | "cmd":"sleep 9" | /cmd | "sleep 9"
        cmd | "cmd":"" | ! /cmd
        cmd | "cmd":null | ! /
        args | "cmd":null,"args":["a","b c"],"container":{"docker":{"image":"x"}} | /args | ["a","b c"]
        args | "args":["a"] | ! /
        args | "cmd":null,"args":["a"] | ! /args
        args | | /args | absent
        user | "user":"nobody" | /user | "nobody"
        user | | /user | absent
        env | "env":{"B":"2","A":"1"} | /env | {"A":"1","B":"2"}
        env | | /env | {}
        env | "env":{"A":1} | ! /env/A
        env | "env":{"A":{"secret":"s"}},"secrets":{"s":{"source":"x"}} | ! /env/A
        secrets | "secrets":{"s":{"source":"x"}} | /secrets/s/source | "x"
        instances | | /instances | 1
        instances | "instances":0 | /instances | 0
        instances | "instances":-1 | ! /instances
        instances | "instances":"many" | ! /instances
        instances | "instances":2,"labels":{"MARATHON_SINGLE_INSTANCE_APP":"true"} | ! /instances
        cpus | | /cpus | 1
        cpus | "cpus":0.001 | /cpus | 0.001
        cpus | "cpus":0 | ! /cpus
        mem | | /mem | 128
        mem | "mem":-1 | ! /mem
        disk | | /disk | 0
        disk | "disk":-1 | ! /disk
        gpus | | /gpus | 0
        gpus | "gpus":-1 | ! /gpus
        gpus | "gpus":1,"container":{"type":"DOCKER","docker":{"image":"x"}} | ! /gpus
        resourceLimits | | /resourceLimits | absent
        resourceLimits.cpus | "resourceLimits":{"cpus":2} | /resourceLimits/cpus | 2
        resourceLimits.cpus | "resourceLimits":{"cpus":"unlimited"} | /resourceLimits/cpus | "unlimited"
        resourceLimits.cpus | "resourceLimits":{"cpus":0.5} | ! /resourceLimits/cpus
        resourceLimits.mem | "resourceLimits":{"mem":256} | /resourceLimits/mem | 256
        resourceLimits.mem | "resourceLimits":{"mem":"endless"} | ! /resourceLimits/mem
        executor | | /executor | ""
        executor | "executor":"//cmd" | /executor | "//cmd"
        executor | "executor":"/opt/run" | /executor | "/opt/run"
        executorResources | | /executorResources | absent
        executorResources.cpus | "executorResources":{"cpus":0.2} | /executorResources/cpus | 0.2
        executorResources.mem | "executorResources":{"mem":64} | /executorResources/mem | 64
        executorResources.disk | "executorResources":{"disk":20} | /executorResources/disk | 20
        constraints | | /constraints | absent
        constraints | "constraints":[["hostname","unique"],["rack","GROUP_BY","3"]] | /constraints | [["hostname","UNIQUE"],["rack","GROUP_BY","3"]]
        constraints | "constraints":[["hostname","UNIQUE","x"]] | ! /constraints(0)
        constraints | "constraints":[["rack","MAX_PER","few"]] | ! /constraints(0)
        constraints | "constraints":[["rack","LIKE","("]] | ! /constraints(0)
        constraints | "constraints":[["rack","NEAR","x"]] | ! /constraints(0)
        constraints | "constraints":[["","UNIQUE"]] | ! /constraints(0)
        constraints | "constraints":["hostname:UNIQUE"] | ! /constraints(0)
        acceptedResourceRoles | | /acceptedResourceRoles | absent
        acceptedResourceRoles | "acceptedResourceRoles":["*"] | /acceptedResourceRoles | ["*"]
        acceptedResourceRoles | "acceptedResourceRoles":[] | ! /acceptedResourceRoles
        role | "role":"" | ! /role
        dependencies | | /dependencies | absent
        dependencies | "dependencies":["/db","../cache","near"] | /dependencies | ["/db","/cache","/near"]
        labels | | /labels | {}
        labels | "labels":{"b":"2","a":"1"} | /labels | {"a":"1","b":"2"}
        labels | "labels":{"a":1} | ! /labels/a
        fetch | | /fetch | absent
        fetch.uri | "fetch":[{"uri":"http://h/f"}] | /fetch/0 | {"uri":"http://h/f","extract":true,"executable":false,"cache":false}
        fetch.uri | "fetch":[{}] | ! /fetch(0)/uri
        fetch.uri | "fetch":[{"uri":""}] | ! /fetch(0)/uri
        fetch.extract | "fetch":[{"uri":"http://h/f","extract":false}] | /fetch/0/extract | false
        fetch.executable | "fetch":[{"uri":"http://h/f","executable":true}] | /fetch/0/executable | true
        fetch.cache | "fetch":[{"uri":"http://h/f","cache":true}] | /fetch/0/cache | true
        fetch.destPath | "fetch":[{"uri":"http://h/f","destPath":"d/f"}] | /fetch/0/destPath | "d/f"
        fetch.destPath | "fetch":[{"uri":"http://h/f","destPath":"/etc/f"}] | ! /fetch(0)/destPath
        uris | "uris":["http://h/a.tgz","http://h/b"] | /fetch | [{"uri":"http://h/a.tgz","extract":true,"executable":false,"cache":false},{"uri":"http://h/b","extract":false,"executable":false,"cache":false}]
        uris | "uris":["http://h/a"],"fetch":[{"uri":"http://h/a"}] | ! /uris
        uris | "uris":["http://h/a"] | /uris | absent
        networks | | /networks | [{"mode":"host"}]
        networks.mode | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"}} | /networks | [{"mode":"container/bridge"}]
        networks.mode | "networks":[{"mode":"bridge"}] | ! /networks(0)/mode
        networks.mode | "networks":[{"mode":"host"},{"mode":"host"}] | ! /networks
        networks.name | "networks":[{"name":"dev"}],"container":{"docker":{"image":"x"}} | /networks | [{"mode":"container","name":"dev"}]
        networks.name | "networks":[{"mode":"container"}],"container":{"docker":{"image":"x"}} | ! /networks(0)/name
        networks.name | "networks":[{"name":"a"},{"name":"b"}],"container":{"docker":{"image":"x"}} | ! /networks
        networks.labels | "networks":[{"name":"dev","labels":{"a":"b"}}],"container":{"docker":{"image":"x"}} | /networks/0/labels | {"a":"b"}
        ipAddress | "ipAddress":{"networkName":"dev"},"networks":[{"name":"dev"}],"container":{"docker":{"image":"x"}} | ! /ipAddress
        ipAddress | "ipAddress":{"networkName":"dev"},"container":{"docker":{"image":"x"}} | /ipAddress | absent
        ipAddress.networkName | "ipAddress":{"networkName":"dev"},"container":{"docker":{"image":"x","network":"USER"}} | /networks | [{"mode":"container","name":"dev"}]
        ipAddress.labels | "ipAddress":{"networkName":"dev","labels":{"a":"b"}},"container":{"docker":{"image":"x"}} | /networks/0/labels | {"a":"b"}
        portDefinitions | | /portDefinitions/0/name | "default"
        portDefinitions | "portDefinitions":[] | /portDefinitions | []
        portDefinitions.port | "portDefinitions":[{"port":8080}] | /portDefinitions | [{"port":8080,"protocol":"tcp","labels":{}}]
        portDefinitions.port | "portDefinitions":[{"port":70000}] | ! /portDefinitions(0)/port
        portDefinitions.port | "portDefinitions":[{"port":80},{"port":80}] | ! /portDefinitions(1)
        portDefinitions.protocol | "portDefinitions":[{"port":80,"protocol":"udp,tcp"}] | /portDefinitions/0/protocol | "udp,tcp"
        portDefinitions.protocol | "portDefinitions":[{"protocol":"http"}] | ! /portDefinitions(0)/protocol
        portDefinitions.name | "portDefinitions":[{"port":80,"name":"http"}] | /portDefinitions/0/name | "http"
        portDefinitions.name | "portDefinitions":[{"port":80,"name":"HTTP"}] | ! /portDefinitions(0)/name
        portDefinitions.name | "portDefinitions":[{"name":"a"},{"name":"a"}] | ! /portDefinitions(1)/name
        portDefinitions.labels | "portDefinitions":[{"port":80,"labels":{"VIP_0":"/a:80"}}] | /portDefinitions/0/labels | {"VIP_0":"/a:80"}
        ports | "ports":[8080] | /portDefinitions | [{"port":8080,"protocol":"tcp","labels":{}}]
        ports | "ports":[8080] | /ports | absent
        ports | "ports":["http"] | ! /ports(0)
        ports | "ports":[80,80] | ! /portDefinitions(1)
        ports | "ports":[80],"portDefinitions":[{"port":80}] | ! /ports
        requirePorts | | /requirePorts | false
        requirePorts | "requirePorts":true,"portDefinitions":[{"port":8080}] | /requirePorts | true
        requirePorts | "requirePorts":true,"networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"}} | /requirePorts | false
        requirePorts | "requirePorts":"yes" | ! /requirePorts
        """ + "\n" + Containers + "\n" + Checks + "\n" + Rest;

    private const string Containers = """
        container | | /container | absent
        container.type | "container":{"docker":{"image":"x"}} | /container/type | "DOCKER"
        container.type | "container":{"type":"RKT"} | ! /container/type
        container.type | "container":{"type":"DOCKER"} | ! /container/docker
        container.docker | "container":{"docker":{"image":"x"}} | /container/docker | {"image":"x","forcePullImage":false,"privileged":false,"parameters":[]}
        container.docker.image | "container":{"docker":{}} | ! /container/docker/image
        container.docker.image | "container":{"docker":{"image":"a b"}} | ! /container/docker/image
        container.docker.forcePullImage | "container":{"docker":{"image":"x","forcePullImage":true}} | /container/docker/forcePullImage | true
        container.docker.privileged | "container":{"docker":{"image":"x","privileged":"no"}} | ! /container/docker/privileged
        container.docker.parameters | "container":{"docker":{"image":"x","parameters":{}}} | ! /container/docker/parameters
        container.docker.parameters.key | "container":{"docker":{"image":"x","parameters":[{"value":"v"}]}} | ! /container/docker/parameters(0)/key
        container.docker.parameters.value | "container":{"docker":{"image":"x","parameters":[{"key":"label","value":"a=b"}]}} | /container/docker/parameters | [{"key":"label","value":"a=b"}]
        container.docker.pullConfig | "container":{"docker":{"image":"x"}} | /container/docker/pullConfig | absent
        container.docker.credential | "container":{"docker":{"image":"x","credential":{"principal":"p"}}} | ! /container/docker/credential
        container.docker.network | "container":{"docker":{"image":"x","network":"BRIDGE"}} | /networks | [{"mode":"container/bridge"}]
        container.docker.network | "container":{"docker":{"image":"x","network":"HOST"}} | /networks | [{"mode":"host"}]
        container.docker.network | "container":{"docker":{"image":"x","network":"BRIDGE"}} | /container/docker/network | absent
        container.docker.network | "container":{"docker":{"image":"x","network":"NONE"}} | ! /container/docker/network
        container.docker.network | "networks":[{"mode":"host"}],"container":{"docker":{"image":"x","network":"HOST"}} | ! /container/docker/network
        container.docker.portMappings | "container":{"docker":{"image":"x","network":"BRIDGE","portMappings":[{"containerPort":80,"servicePort":10080}]}} | /container/portMappings/0/containerPort | 80
        container.docker.portMappings | "container":{"docker":{"image":"x","network":"BRIDGE","portMappings":[{"containerPort":80}]}} | /container/docker/portMappings | absent
        container.portMappings | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"}} | /container/portMappings/0/name | "default"
        container.portMappings | "container":{"docker":{"image":"x"}} | /container/portMappings | absent
        container.portMappings.containerPort | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"},"portMappings":[{"containerPort":80,"servicePort":10080}]} | /container/portMappings | [{"containerPort":80,"hostPort":0,"servicePort":10080,"protocol":"tcp","labels":{}}]
        container.portMappings.containerPort | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"},"portMappings":[{"containerPort":-1}]} | ! /container/portMappings(0)/containerPort
        container.portMappings.hostPort | "networks":[{"name":"dev"}],"container":{"docker":{"image":"x"},"portMappings":[{"containerPort":80,"servicePort":10080}]} | /container/portMappings/0/hostPort | absent
        container.portMappings.hostPort | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"},"portMappings":[{"hostPort":70000}]} | ! /container/portMappings(0)/hostPort
        container.portMappings.servicePort | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"},"portMappings":[{"servicePort":70000}]} | ! /container/portMappings(0)/servicePort
        container.portMappings.protocol | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"},"portMappings":[{"protocol":"udp"}]} | /container/portMappings/0/protocol | "udp"
        container.portMappings.name | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"},"portMappings":[{"name":"a"},{"name":"a"}]} | ! /container/portMappings(1)/name
        container.portMappings.labels | "networks":[{"mode":"container/bridge"}],"container":{"docker":{"image":"x"},"portMappings":[{"labels":{"VIP_0":"/a:80"}}]} | /container/portMappings/0/labels | {"VIP_0":"/a:80"}
        container.portMappings.networkNames | "networks":[{"name":"dev"}],"container":{"docker":{"image":"x"},"portMappings":[{"networkNames":["dev"]}]} | /container/portMappings/0/networkNames | ["dev"]
        container.volumes | "container":{"docker":{"image":"x"}} | /container/volumes | []
        container.volumes.containerPath | "container":{"docker":{"image":"x"},"volumes":[{"hostPath":"/srv","mode":"RO"}]} | ! /container/volumes(0)/containerPath
        container.volumes.hostPath | "container":{"docker":{"image":"x"},"volumes":[{"containerPath":"/c","mode":"RO"}]} | ! /container/volumes(0)/hostPath
        container.volumes.mode | "container":{"docker":{"image":"x"},"volumes":[{"containerPath":"/c","hostPath":"/srv","mode":"RX"}]} | ! /container/volumes(0)/mode
        """;

    private const string Checks = """
        healthChecks | | /healthChecks | absent
        healthChecks.protocol | "healthChecks":[{}] | /healthChecks/0 | {"protocol":"HTTP","portIndex":0,"gracePeriodSeconds":300,"intervalSeconds":60,"timeoutSeconds":20,"maxConsecutiveFailures":3,"delaySeconds":15,"ignoreHttp1xx":false,"ipProtocol":"IPv4"}
        healthChecks.protocol | "healthChecks":[{"protocol":"ICMP"}] | ! /healthChecks(0)/protocol
        healthChecks.path | "healthChecks":[{"path":"/h"}] | /healthChecks/0/path | "/h"
        healthChecks.path | "healthChecks":[{"path":"h"}] | ! /healthChecks(0)/path
        healthChecks.port | "healthChecks":[{"port":8080}] | /healthChecks/0/portIndex | absent
        healthChecks.port | "healthChecks":[{"port":0}] | ! /healthChecks(0)/port
        healthChecks.portIndex | "healthChecks":[{"portIndex":1}] | ! /healthChecks(0)/portIndex
        healthChecks.portIndex | "healthChecks":[{"portIndex":0,"port":80}] | ! /healthChecks(0)
        healthChecks.portIndex | "portDefinitions":[],"healthChecks":[{}] | ! /healthChecks(0)
        healthChecks.command | "healthChecks":[{"protocol":"COMMAND"}] | ! /healthChecks(0)/command
        healthChecks.command | "healthChecks":[{"protocol":"TCP","command":{"value":"true"}}] | ! /healthChecks(0)/command
        healthChecks.command.value | "healthChecks":[{"protocol":"COMMAND","command":{"value":"true"}}] | /healthChecks/0/command | {"value":"true"}
        healthChecks.gracePeriodSeconds | "healthChecks":[{"gracePeriodSeconds":-1}] | ! /healthChecks(0)/gracePeriodSeconds
        healthChecks.intervalSeconds | "healthChecks":[{"intervalSeconds":-1}] | ! /healthChecks(0)/intervalSeconds
        healthChecks.timeoutSeconds | "healthChecks":[{"timeoutSeconds":-1}] | ! /healthChecks(0)/timeoutSeconds
        healthChecks.maxConsecutiveFailures | "healthChecks":[{"maxConsecutiveFailures":0}] | /healthChecks/0/maxConsecutiveFailures | 0
        healthChecks.maxConsecutiveFailures | "healthChecks":[{"maxConsecutiveFailures":-1}] | ! /healthChecks(0)/maxConsecutiveFailures
        healthChecks.delaySeconds | "healthChecks":[{"delaySeconds":-1}] | ! /healthChecks(0)/delaySeconds
        healthChecks.ignoreHttp1xx | "healthChecks":[{"ignoreHttp1xx":true}] | /healthChecks/0/ignoreHttp1xx | true
        healthChecks.ignoreHttp1xx | "healthChecks":[{"protocol":"TCP"}] | /healthChecks/0/ignoreHttp1xx | absent
        healthChecks.ipProtocol | "healthChecks":[{"protocol":"MESOS_TCP","ipProtocol":"IPv6"}] | /healthChecks/0/ipProtocol | "IPv6"
        readinessChecks | | /readinessChecks | absent
        readinessChecks | "readinessChecks":[{"portName":"default"},{"portName":"default"}] | ! /readinessChecks
        readinessChecks.portName | "readinessChecks":[{}] | ! /readinessChecks(0)/portName
        readinessChecks.portName | "readinessChecks":[{"portName":"default"}] | /readinessChecks/0 | {"name":"readinessCheck","protocol":"HTTP","path":"/","portName":"default","intervalSeconds":30,"timeoutSeconds":10,"httpStatusCodesForReady":[200],"preserveLastResponse":false}
        readinessChecks.name | "readinessChecks":[{"portName":"default","name":"r"}] | /readinessChecks/0/name | "r"
        readinessChecks.protocol | "readinessChecks":[{"portName":"default","protocol":"TCP"}] | ! /readinessChecks(0)/protocol
        readinessChecks.path | "readinessChecks":[{"portName":"default","path":""}] | ! /readinessChecks(0)/path
        readinessChecks.intervalSeconds | "readinessChecks":[{"portName":"default","intervalSeconds":-1}] | ! /readinessChecks(0)/intervalSeconds
        readinessChecks.timeoutSeconds | "readinessChecks":[{"portName":"default","timeoutSeconds":30}] | ! /readinessChecks(0)/timeoutSeconds
        readinessChecks.httpStatusCodesForReady | "readinessChecks":[{"portName":"default","httpStatusCodesForReady":[99]}] | ! /readinessChecks(0)/httpStatusCodesForReady
        readinessChecks.preserveLastResponse | "readinessChecks":[{"portName":"default","preserveLastResponse":true}] | /readinessChecks/0/preserveLastResponse | true
        check | "check":{"tcp":{"portIndex":0}} | /check/tcp/portIndex | 0
        """;

    private const string Rest = """
        upgradeStrategy | | /upgradeStrategy | {"minimumHealthCapacity":1,"maximumOverCapacity":1}
        upgradeStrategy | "labels":{"MARATHON_SINGLE_INSTANCE_APP":"true"} | /upgradeStrategy | {"minimumHealthCapacity":0,"maximumOverCapacity":0}
        upgradeStrategy.minimumHealthCapacity | "upgradeStrategy":{"minimumHealthCapacity":0.5} | /upgradeStrategy | {"minimumHealthCapacity":0.5,"maximumOverCapacity":1}
        upgradeStrategy.minimumHealthCapacity | "upgradeStrategy":{"minimumHealthCapacity":1.5} | ! /upgradeStrategy/minimumHealthCapacity
        upgradeStrategy.maximumOverCapacity | "upgradeStrategy":{"maximumOverCapacity":-1} | ! /upgradeStrategy/maximumOverCapacity
        backoffSeconds | | /backoffSeconds | 1
        backoffSeconds | "backoffSeconds":-1 | ! /backoffSeconds
        backoffFactor | | /backoffFactor | 1.15
        backoffFactor | "backoffFactor":0.9 | ! /backoffFactor
        maxLaunchDelaySeconds | | /maxLaunchDelaySeconds | 300
        maxLaunchDelaySeconds | "maxLaunchDelaySeconds":-1 | ! /maxLaunchDelaySeconds
        killSelection | | /killSelection | "YOUNGEST_FIRST"
        killSelection | "killSelection":"OLDEST_FIRST" | /killSelection | "OLDEST_FIRST"
        killSelection | "killSelection":"ANY" | ! /killSelection
        unreachableStrategy | | /unreachableStrategy | {"inactiveAfterSeconds":0,"expungeAfterSeconds":0}
        unreachableStrategy | "unreachableStrategy":"disabled" | /unreachableStrategy | "disabled"
        unreachableStrategy | "unreachableStrategy":"never" | ! /unreachableStrategy
        unreachableStrategy.inactiveAfterSeconds | "unreachableStrategy":{"inactiveAfterSeconds":-1} | ! /unreachableStrategy/inactiveAfterSeconds
        unreachableStrategy.expungeAfterSeconds | "unreachableStrategy":{"inactiveAfterSeconds":5,"expungeAfterSeconds":4} | ! /unreachableStrategy/expungeAfterSeconds
        residency | "residency":{"taskLostBehavior":"WAIT_FOREVER"} | ! /residency
        residency.taskLostBehavior | "residency":{"taskLostBehavior":"WAIT_FOREVER"},"container":{"type":"MESOS","volumes":[{"containerPath":"data","mode":"RW","persistent":{"size":10}}]} | /residency/taskLostBehavior | "WAIT_FOREVER"
        container.volumes.persistent | "container":{"type":"MESOS","volumes":[{"containerPath":"data","mode":"RW","persistent":{"size":10}}]} | /container/volumes/0/containerPath | "data"
        container.volumes.persistent.size | "container":{"type":"MESOS","volumes":[{"containerPath":"data","mode":"RW","persistent":{"size":10}}]} | /container/volumes/0/persistent/size | 10
        container.volumes.persistent.size | "container":{"type":"MESOS","volumes":[{"containerPath":"data","mode":"RW","persistent":{}}]} | ! /container/volumes(0)/persistent/size
        taskKillGracePeriodSeconds | | /taskKillGracePeriodSeconds | absent
        taskKillGracePeriodSeconds | "taskKillGracePeriodSeconds":5 | /taskKillGracePeriodSeconds | 5
        taskKillGracePeriodSeconds | "taskKillGracePeriodSeconds":-1 | ! /taskKillGracePeriodSeconds
        tty | "tty":true | /tty | true
        version | "version":"2001-01-01T00:00:00.000Z" | /version | stamped
        versionInfo | | /versionInfo/lastConfigChangeAt | stamped
        """;
}
