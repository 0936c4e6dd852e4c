namespace Grid.Grains.Signals;

/// <summary>
/// Saves one at a time: who asks while one is under way gets the next, which begins after they asked, together with all others who do. Lives on the owning actor's scheduler.
/// </summary>
/// <param name="save">Stores what is not stored. Never called twice at the same time.</param>
internal sealed class JoinedSave(Func<Task> save)
{
    private Task? _current;
    private Task? _next;

    public Task SaveAsync() =>

        // One that has yet to begin comes first: the one before it may have ended while its turn has not come.
        _next ?? (_current is { IsCompleted: false } before ? _next = AfterAsync(before) : _current = BeginAsync());

    private async Task AfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        _next = null;
        await (_current = BeginAsync());
    }

    /// <summary>In a turn of its own: what is saved may ask for a save itself, and must find this one.</summary>
    private async Task BeginAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);
        await save();
    }
}
