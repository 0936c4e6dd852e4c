namespace Grid.Bench.Ingestion;

/// <summary>One that consumes the topic. It takes nothing from the machine while another one is measured.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>CPU seconds so far of all its processes, those of its store included.</summary>
    double CpuSeconds();

    /// <summary>CPU seconds so far of the process that consumes.</summary>
    double OwnCpuSeconds();

    /// <summary>Consumes what was written since the last time.</summary>
    Task ConsumeAsync(int events, long[] ends);
}
