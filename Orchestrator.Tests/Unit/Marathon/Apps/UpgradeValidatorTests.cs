using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

/// <summary>What may be said of readiness, upgrades and drains.</summary>
public sealed class UpgradeValidatorTests
{
    private static AppDefinition Parse(string fields) => AppParserTests.Parse($"{{'id':'/web','cmd':'x','portDefinitions':[{{'port':0,'name':'http'}}],{fields}}}");

    private static string[] PathsOf(string fields)
    {
        var errors = new FieldErrors();
        AppValidator.Validate(Parse(fields), SecurityPolicy.Default, errors);
        return [.. errors.All.Select(error => error.Path)];
    }

    [Theory]
    [InlineData("'readinessChecks':[{'portName':'http'}]")]
    [InlineData("'readinessChecks':[{'name':'r','protocol':'HTTPS','path':'/r?x','portName':'http','intervalSeconds':2,'timeoutSeconds':1,'httpStatusCodesForReady':[200,418],'preserveLastResponse':true}]")]
    [InlineData("'drainSeconds':30")]
    [InlineData("'upgradeStrategy':{'type':'BLUE_GREEN','soakSeconds':60}")]
    [InlineData("'upgradeStrategy':{'type':'rolling','ordered':true,'deadlineSeconds':300,'maxFailures':0,'onFailure':'rollback'}")]
    [InlineData("'upgradeStrategy':{'preDeployment':{'cmd':'migrate','timeoutSeconds':60}}")]
    [InlineData("'upgradeStrategy':{'preDeployment':{'args':['migrate','--all']},'onFailure':'STOP'}")]
    public void Fields_that_make_sense_are_taken_and_written_again(string fields)
    {
        Assert.Empty(PathsOf(fields));
        var written = AppJson.ToBytes(Parse(fields));
        Assert.Equal(written, AppJson.ToBytes(AppParser.Parse(JsonDocument.Parse(written).RootElement, null, new FieldErrors())));
    }

    [Theory]
    [InlineData("'readinessChecks':[{'portName':'admin'}]", "/readinessChecks(0)/portName")]
    [InlineData("'readinessChecks':[{}]", "/readinessChecks(0)/portName")]
    [InlineData("'readinessChecks':[{'portName':'http'},{'portName':'http'}]", "/readinessChecks")]
    [InlineData("'readinessChecks':[{'portName':'http','protocol':'TCP'}]", "/readinessChecks(0)/protocol")]
    [InlineData("'readinessChecks':[{'portName':'http','path':'ready'}]", "/readinessChecks(0)/path")]
    [InlineData("'readinessChecks':[{'portName':'http','name':''}]", "/readinessChecks(0)/name")]
    [InlineData("'readinessChecks':[{'portName':'http','intervalSeconds':5}]", "/readinessChecks(0)/timeoutSeconds")]
    [InlineData("'readinessChecks':[{'portName':'http','httpStatusCodesForReady':[]}]", "/readinessChecks(0)/httpStatusCodesForReady")]
    [InlineData("'readinessChecks':[{'portName':'http','httpStatusCodesForReady':[200,200]}]", "/readinessChecks(0)/httpStatusCodesForReady")]
    [InlineData("'readinessChecks':[{'portName':'http','httpStatusCodesForReady':[20]}]", "/readinessChecks(0)/httpStatusCodesForReady")]
    [InlineData("'drainSeconds':-1", "/drainSeconds")]
    [InlineData("'upgradeStrategy':{'soakSeconds':5}", "/upgradeStrategy/soakSeconds")]
    [InlineData("'upgradeStrategy':{'type':'BLUE_GREEN','soakSeconds':-5}", "/upgradeStrategy/soakSeconds")]
    [InlineData("'upgradeStrategy':{'type':'BLUE_GREEN'},'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'}", "/upgradeStrategy/type")]
    [InlineData("'upgradeStrategy':{'type':'BLUE_GREEN'},'requirePorts':true", "/upgradeStrategy/type")]
    [InlineData("'instances':'all','upgradeStrategy':{'type':'BLUE_GREEN'}", "/upgradeStrategy/type")]
    [InlineData("'instances':'all','upgradeStrategy':{'ordered':true}", "/upgradeStrategy/ordered")]
    [InlineData("'upgradeStrategy':{'deadlineSeconds':0}", "/upgradeStrategy/deadlineSeconds")]
    [InlineData("'upgradeStrategy':{'maxFailures':-1}", "/upgradeStrategy/maxFailures")]
    [InlineData("'upgradeStrategy':{'preDeployment':{}}", "/upgradeStrategy/preDeployment")]
    [InlineData("'upgradeStrategy':{'preDeployment':{'cmd':'a','args':['b']}}", "/upgradeStrategy/preDeployment")]
    [InlineData("'upgradeStrategy':{'preDeployment':{'cmd':'a','timeoutSeconds':0}}", "/upgradeStrategy/preDeployment/timeoutSeconds")]
    [InlineData("'upgradeStrategy':{'minimumHealthCapacity':1.5}", "/upgradeStrategy/minimumHealthCapacity")]
    public void Field_that_makes_no_sense_is_named(string fields, string path) => Assert.Equal([path], PathsOf(fields));

    [Fact]
    public void Words_that_are_not_known_are_errors_of_reading()
    {
        var errors = new FieldErrors();
        AppParser.Parse(JsonDocument.Parse("""{"id":"/web","cmd":"x","upgradeStrategy":{"type":"CANARY","onFailure":"PANIC"}}""").RootElement, null, errors);
        Assert.Equal(["/upgradeStrategy/type", "/upgradeStrategy/onFailure"], errors.All.Select(error => error.Path));
    }

    [Fact]
    public void Own_keys_are_written_only_where_they_are_used()
    {
        var json = JsonDocument.Parse(AppJson.ToBytes(Parse("'instances':1"))).RootElement;
        Assert.Equal(["minimumHealthCapacity", "maximumOverCapacity"], json.GetProperty("upgradeStrategy").EnumerateObject().Select(field => field.Name));
        Assert.False(json.TryGetProperty("drainSeconds", out _));
    }
}
