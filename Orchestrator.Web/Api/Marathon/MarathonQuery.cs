namespace Orchestrator.Web.Api.Marathon;

/// <summary>Reads query parameters that say yes or no.</summary>
public static class MarathonQuery
{
    /// <summary>
    /// The value of <c>?name=true</c>, in any case, for clients write <c>True</c>; on any other word the text says what would do.
    /// </summary>
    public static bool TryReadSwitch(IQueryCollection query, string name, bool otherwise, out bool value, out string error)
    {
        (value, error) = (otherwise, "");
        if (!query.TryGetValue(name, out var text) || bool.TryParse(text.ToString(), out value))
        {
            return true;
        }

        error = $"The query parameter '{name}' is '{text}'; write {name}=true or {name}=false";
        return false;
    }
}
