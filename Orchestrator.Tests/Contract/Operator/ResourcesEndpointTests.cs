using System.Text;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Tests.Contract.Operator;

/// <summary>Reservations and volumes by operators, over a real server.</summary>
[Trait("Category", "Contract")]
public sealed class ResourcesEndpointTests : IAsyncLifetime
{
    private const string Cpus = """[{"name":"cpus","type":"SCALAR","scalar":{"value":0.5},"reservations":[{"type":"DYNAMIC","role":"a/b","principal":"p1"}]}]""";
    private readonly ScriptedMaster _master = new(Snapshots.Busy);
    private readonly List<MasterCommand.ChangeResources> _commands = [];
    private EdgeHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _master.Answer = command =>
        {
            _commands.Add(Assert.IsType<MasterCommand.ChangeResources>(command));
            return MasterReply.Accepted;
        };
        _host = await EdgeHost.StartAsync(_master, TimeProvider.System, services => services.AddOperatorApi(), routes => routes.MapOperatorActions());
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/reserve", "resources", Offer.Types.Operation.Types.Type.Reserve)]
    [InlineData("/master/unreserve", "resources", Offer.Types.Operation.Types.Type.Unreserve)]
    [InlineData("/create-volumes", "volumes", Offer.Types.Operation.Types.Type.Create)]
    [InlineData("/destroy-volumes", "volumes", Offer.Types.Operation.Types.Type.Destroy)]
    public async Task Form_without_a_content_type_becomes_an_operation_on_the_agent(string path, string field, Offer.Types.Operation.Types.Type type)
    {
        Assert.Equal((202, ""), await PostAsync(path, $"slaveId=m-S0&{field}={Cpus}"));
        var command = Assert.Single(_commands);
        Assert.Equal(("m-S0", type, null), (command.Agent.Value, command.Operation.Type, command.Principal));
        var resource = Assert.Single(command.Operation.Reserve?.Resources ?? command.Operation.Unreserve?.Resources ?? command.Operation.Create?.Volumes ?? command.Operation.Destroy.Volumes);
        Assert.Equal(("a/b", "p1", 0.5), (resource.Reservations[0].Role, resource.Reservations[0].Principal, resource.Scalar.Value));
    }

    [Theory]
    [InlineData("/reserve", "resources=[]", "Missing 'slaveId'")]
    [InlineData("/reserve", "slaveId=m-S0", "Missing 'resources'")]
    [InlineData("/create-volumes", "slaveId=m-S0&resources=[]", "Missing 'volumes'")]
    [InlineData("/reserve", "slaveId=m-S0&resources={}", "'resources' must be a JSON array")]
    [InlineData("/reserve", "slaveId=m-S0&resources=[", "'resources' cannot be read")]
    [InlineData("/reserve", "slaveId=m-S0&resources=[{\"name\":\"cpus\"}]", "'resources' cannot be read")]
    public async Task Form_that_is_wrong_is_refused_with_the_field(string path, string form, string expected)
    {
        var (status, text) = await PostAsync(path, form);
        Assert.Equal(400, status);
        Assert.StartsWith(expected, text, StringComparison.Ordinal);
        Assert.Empty(_commands);
    }

    [Theory]
    [InlineData("RESERVE_RESOURCES", "resources", Offer.Types.Operation.Types.Type.Reserve)]
    [InlineData("UNRESERVE_RESOURCES", "resources", Offer.Types.Operation.Types.Type.Unreserve)]
    [InlineData("CREATE_VOLUMES", "volumes", Offer.Types.Operation.Types.Type.Create)]
    [InlineData("DESTROY_VOLUMES", "volumes", Offer.Types.Operation.Types.Type.Destroy)]
    public async Task Call_becomes_an_operation_on_the_agent(string call, string field, Offer.Types.Operation.Types.Type type)
    {
        var json = $$$"""{"type":"{{{call}}}","{{{call.ToLowerInvariant()}}}":{"agent_id":{"value":"m-S0"},"{{{field}}}":{{{Cpus}}}}}""";
        Assert.Equal((202, ""), await PostAsync("/api/v1", json, "application/json"));
        Assert.Equal(("m-S0", type), (Assert.Single(_commands).Agent.Value, _commands[0].Operation.Type));
    }

    [Fact]
    public async Task Resizes_carry_the_volume_and_the_amount()
    {
        const string disk = """{"name":"disk","type":"SCALAR","scalar":{"value":10}}""";
        await PostAsync("/api/v1", $$$$"""{"type":"GROW_VOLUME","grow_volume":{"agent_id":{"value":"m-S0"},"volume":{{{{disk}}}},"addition":{{{{disk}}}} }}""", "application/json");
        await PostAsync("/api/v1", $$$$"""{"type":"SHRINK_VOLUME","shrink_volume":{"agent_id":{"value":"m-S0"},"volume":{{{{disk}}}},"subtract":{"value":3}}}""", "application/json");
        Assert.Equal(10, _commands[0].Operation.GrowVolume.Addition.Scalar.Value);
        Assert.Equal(3, _commands[1].Operation.ShrinkVolume.Subtract.Value);
    }

    [Fact]
    public async Task Refusal_of_the_master_is_told_with_its_status()
    {
        _master.Answer = _ => new MasterReply(409, "cpus:4 does not contain cpus:5");
        Assert.Equal((409, "cpus:4 does not contain cpus:5"), await PostAsync("/unreserve", $"slaveId=m-S0&resources={Cpus}"));
        using var get = await _host.Client.GetAsync("/reserve");
        Assert.Equal(405, (int)get.StatusCode);
    }

    private async Task<(int Status, string Text)> PostAsync(string path, string body, string? type = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await _host.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
