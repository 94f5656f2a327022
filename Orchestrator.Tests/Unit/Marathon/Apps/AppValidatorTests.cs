using Orchestrator.Core.Contract.Policy;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

/// <summary>What a definition may not be, at the field that is to blame.</summary>
public sealed class AppValidatorTests
{
    private static (string Path, string Text)[] ErrorsOf(string fields, PolicyMode mode = PolicyMode.Baseline)
    {
        var errors = new FieldErrors();
        AppValidator.Validate(AppParserTests.Parse($"{{'id':'/web',{fields}}}"), new SecurityPolicy(mode, SecurityPolicy.DefaultVolumeRoots), errors);
        return [.. errors.All];
    }

    [Theory]
    [InlineData("'cmd':'x'")]
    [InlineData("'args':['a'],'container':{'docker':{'image':'busybox'}}")]
    [InlineData("'container':{'docker':{'image':'busybox'}},'networks':[{'mode':'container/bridge'}]")]
    [InlineData("'container':{'docker':{'image':'busybox'}},'networks':[{'mode':'container','name':'dev'}]")]
    [InlineData("'cmd':'x','portDefinitions':[{'port':0},{'port':0}]")]
    [InlineData("'cmd':'x','healthChecks':[{'protocol':'COMMAND','command':{'value':'true'}}]")]
    [InlineData("'cmd':'x','container':{'docker':{'image':'busybox'},'volumes':[{'containerPath':'/a','hostPath':'/srv/a','mode':'RW'}]}")]
    [InlineData("'cmd':'x','constraints':[['hostname','UNIQUE'],['rack','LIKE','r.*'],['rack','MAX_PER','2'],['rack','GROUP_BY'],['cpu','IS','4']]")]
    public void Definition_that_makes_sense_has_no_error(string fields) => Assert.Empty(ErrorsOf(fields));

    [Theory]
    [InlineData("'instances':1", "/")]
    [InlineData("'cmd':'x','args':['y'],'container':{'docker':{'image':'b'}}", "/")]
    [InlineData("'cmd':''", "/cmd")]
    [InlineData("'args':['a']", "/args")]
    [InlineData("'cmd':'x','instances':-1", "/instances")]
    [InlineData("'cmd':'x','instances':2,'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'}", "/instances")]
    [InlineData("'cmd':'x','cpus':0", "/cpus")]
    [InlineData("'cmd':'x','mem':-1", "/mem")]
    [InlineData("'cmd':'x','resourceLimits':{'cpus':0.5}", "/resourceLimits/cpus")]
    [InlineData("'cmd':'x','backoffFactor':0.5", "/backoffFactor")]
    [InlineData("'cmd':'x','upgradeStrategy':{'minimumHealthCapacity':1.1}", "/upgradeStrategy/minimumHealthCapacity")]
    [InlineData("'cmd':'x','upgradeStrategy':{'maximumOverCapacity':-0.1}", "/upgradeStrategy/maximumOverCapacity")]
    [InlineData("'cmd':'x','unreachableStrategy':{'inactiveAfterSeconds':10,'expungeAfterSeconds':5}", "/unreachableStrategy/expungeAfterSeconds")]
    [InlineData("'cmd':'x','acceptedResourceRoles':[]", "/acceptedResourceRoles")]
    [InlineData("'cmd':'x','portDefinitions':[{'port':70000}]", "/portDefinitions(0)/port")]
    [InlineData("'cmd':'x','portDefinitions':[{'port':1,'protocol':'sctp'}]", "/portDefinitions(0)/protocol")]
    [InlineData("'cmd':'x','portDefinitions':[{'port':1,'name':'a'},{'port':2,'name':'a'}]", "/portDefinitions(1)/name")]
    [InlineData("'cmd':'x','ports':[80,80]", "/portDefinitions(1)")]
    [InlineData("'cmd':'x','networks':[{'mode':'container/bridge'}]", "/networks")]
    [InlineData("'container':{'docker':{'image':'b'}},'networks':[{'mode':'container'}]", "/networks(0)/name")]
    [InlineData("'container':{'type':'DOCKER'},'cmd':'x'", "/container/docker")]
    [InlineData("'container':{'type':'MESOS','docker':{'image':'b'}}", "/container/type")]
    [InlineData("'container':{'docker':{'image':'a b'}}", "/container/docker/image")]
    [InlineData("'container':{'docker':{'image':'b','parameters':[{'key':'name','value':'x'}]}}", "/container/docker/parameters(0)/key")]
    [InlineData("'cmd':'x','healthChecks':[{'protocol':'PING'}]", "/healthChecks(0)/protocol")]
    [InlineData("'cmd':'x','healthChecks':[{'protocol':'COMMAND'}]", "/healthChecks(0)/command")]
    [InlineData("'cmd':'x','healthChecks':[{'portIndex':3}]", "/healthChecks(0)/portIndex")]
    [InlineData("'cmd':'x','portDefinitions':[],'healthChecks':[{'protocol':'HTTP'}]", "/healthChecks(0)")]
    [InlineData("'cmd':'x','healthChecks':[{'path':'health'}]", "/healthChecks(0)/path")]
    [InlineData("'cmd':'x','healthChecks':[{'port':1,'portIndex':0}]", "/healthChecks(0)")]
    [InlineData("'cmd':'x','constraints':[['hostname','NEAR','x']]", "/constraints(0)")]
    [InlineData("'cmd':'x','constraints':[['hostname','UNIQUE','x']]", "/constraints(0)")]
    [InlineData("'cmd':'x','constraints':[['hostname','LIKE','(']]", "/constraints(0)")]
    [InlineData("'cmd':'x','constraints':[['hostname','MAX_PER','many']]", "/constraints(0)")]
    [InlineData("'cmd':'x','fetch':[{'uri':'u','destPath':'/etc/passwd'}]", "/fetch(0)/destPath")]
    [InlineData("'cmd':'x','fetch':[{'uri':'u','destPath':'../../x'}]", "/fetch(0)/destPath")]
    [InlineData("'cmd':'x','env':{'A=B':'c'}", "/env/A=B")]
    [InlineData("'cmd':'x','env':{'A':{'secret':'s'}}", "/env/A")]
    [InlineData("'cmd':'x','container':{'docker':{'image':'b'},'volumes':[{'containerPath':'d','mode':'RW','external':{'name':'d','provider':'dvdi'}}]}", "/container/volumes(0)")]
    public void Definition_that_makes_no_sense_is_told_where(string fields, string path)
    {
        var error = Assert.Single(ErrorsOf(fields), error => error.Path == path);
        Assert.NotEmpty(error.Text);
    }

    [Theory]
    [InlineData("'container':{'docker':{'image':'b','privileged':true}}", "/container/docker/privileged")]
    [InlineData("'container':{'docker':{'image':'b'},'volumes':[{'containerPath':'/s','hostPath':'/var/run/docker.sock','mode':'RW'}]}", "/container/volumes(0)/hostPath")]
    [InlineData("'container':{'docker':{'image':'b'},'volumes':[{'containerPath':'/s','hostPath':'/srv/../etc','mode':'RO'}]}", "/container/volumes(0)/hostPath")]
    [InlineData("'container':{'docker':{'image':'b','parameters':[{'key':'cap-add','value':'SYS_ADMIN'}]}}", "/container/docker/parameters(0)")]
    [InlineData("'container':{'docker':{'image':'b','parameters':[{'key':'volume','value':'/:/host'}]}}", "/container/docker/parameters(0)")]
    public void Definition_that_the_policy_refuses_names_the_setting(string fields, string path)
    {
        var error = Assert.Single(ErrorsOf(fields), error => error.Path == path);
        Assert.Contains("--policy=baseline", error.Text, StringComparison.Ordinal);
        Assert.Empty(ErrorsOf(fields, PolicyMode.Privileged));
    }

    [Fact]
    public void Restricted_policy_refuses_the_host_network_of_a_container()
    {
        var error = Assert.Single(ErrorsOf("'container':{'docker':{'image':'b'}}", PolicyMode.Restricted));
        Assert.Equal("/networks", error.Path);
        Assert.Contains("--policy=restricted", error.Text, StringComparison.Ordinal);
    }
}
