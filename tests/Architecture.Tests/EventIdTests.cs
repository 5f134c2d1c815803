using System.Reflection;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>An event id names one thing that is logged, in all of the server: operators search and alert by it.</summary>
public sealed class EventIdTests
{
    [Fact]
    public void Event_ids_are_used_once()
    {
        var logged = Project.OfProduct.Where(project => project.Name != "Cli").SelectMany(LoggedBy).ToList();

        logged.Count.ShouldBeGreaterThan(10);
        logged.GroupBy(message => message.Id).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(message => message.Where))}")
            .ShouldHaveNone("Event ids that are used twice. Give the newer one the next free number of its project:");
    }

    private static IEnumerable<(int Id, string Where)> LoggedBy(Project project) =>
        from type in Assembly.Load("OpenAIProxy." + project.Name).GetTypes()
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        from message in method.GetCustomAttributes<LoggerMessageAttribute>()
        select (message.EventId, $"{type.Name}.{method.Name}");
}
