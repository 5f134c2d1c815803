using OpenAIProxy.Simulator.Recorder;

namespace OpenAIProxy.Simulator.Control;

/// <summary>Lets a test wait for what it means instead of for time: <c>?NAME=N</c> waits until a count has been reached.</summary>
internal static class Waiting
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <returns>False if it was in vain: the error has been sent.</returns>
    public static async Task<bool> ForAsync(HttpContext http, string name, Milestone milestone, TimeProvider time)
    {
        if (http.Request.Query[name] is not [{ } text])
            return true;
        if (!long.TryParse(text, out var wanted))
        {
            await ControlAnswer.SendErrorAsync(http, 400, $"{name}: '{text}' is not a number.", name);
            return false;
        }

        try
        {
            await milestone.ReachAsync(wanted).WaitAsync(LongestWait, time, http.RequestAborted);
            return true;
        }
        catch (TimeoutException)
        {
            await ControlAnswer.SendErrorAsync(http, 504, $"Only {milestone.Count} of {wanted} requests have {name} within {LongestWait.TotalSeconds} seconds.", name);
            return false;
        }
    }
}
