using Orchestrator.Core.Contract;

namespace Orchestrator.Tests.Unit.Contract;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("application/json", MessageFormat.Json)]
    [InlineData("application/x-protobuf", MessageFormat.Protobuf)]
    [InlineData("application/json; charset=utf-8", null)]
    [InlineData("Application/JSON", null)]
    [InlineData("text/plain", null)]
    public void Content_type_is_compared_byte_for_byte(string type, MessageFormat? expected) => Assert.Equal(expected, MediaTypes.OfContent(type));

    [Theory]
    [InlineData(new string[0], MessageFormat.Json)]
    [InlineData(new[] { "" }, MessageFormat.Json)]
    [InlineData(new[] { "*/*" }, MessageFormat.Json)]
    [InlineData(new[] { "application/x-protobuf" }, MessageFormat.Protobuf)]
    [InlineData(new[] { "application/x-protobuf", "application/json" }, MessageFormat.Json)]
    [InlineData(new[] { "application/x-protobuf;q=0.9, application/json; q = 0" }, MessageFormat.Protobuf)]
    [InlineData(new[] { "APPLICATION/*" }, null)]
    [InlineData(new[] { "Application/Json" }, MessageFormat.Json)]
    [InlineData(new[] { "text/html, application/json;q=0.000" }, null)]
    public void Answer_is_json_where_it_is_allowed(string[] accept, MessageFormat? expected) => Assert.Equal(expected, MediaTypes.Negotiate(accept));
}
