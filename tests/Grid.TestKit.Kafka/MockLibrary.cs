using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Grid.TestKit.Kafka;

/// <summary>
/// The calls of librdkafka's mock cluster, taken from the very library that Confluent.Kafka has loaded (its name differs from machine to machine).
/// librdkafka promises nothing about them from version to version: they hold for the version that Directory.Packages.props pins, and stand in this file alone.
/// </summary>
internal static unsafe class MockLibrary
{
    public static readonly delegate* unmanaged<nint> ConfNew;
    public static readonly delegate* unmanaged<nint, byte*, byte*, byte*, nuint, int> ConfSet;
    public static readonly delegate* unmanaged<int, nint, byte*, nuint, nint> New;
    public static readonly delegate* unmanaged<nint, void> Destroy;
    public static readonly delegate* unmanaged<nint, int, nint> ClusterNew;
    public static readonly delegate* unmanaged<nint, void> ClusterDestroy;
    public static readonly delegate* unmanaged<nint, nint> Bootstraps;
    public static readonly delegate* unmanaged<nint, byte*, int, int, int> TopicCreate;
    public static readonly delegate* unmanaged<nint, short, nuint, int*, void> PushErrors;
    public static readonly delegate* unmanaged<nint, short, void> ClearErrors;
    public static readonly delegate* unmanaged<nint, int, int> SetDown;
    public static readonly delegate* unmanaged<nint, int, int> SetUp;
    public static readonly delegate* unmanaged<nint, int, int, int> SetRtt;
    public static readonly delegate* unmanaged<nint, byte*, int, int, int> SetLeader;
    public static readonly delegate* unmanaged<nint, byte*, int, long, int> DeleteRecords;
    public static readonly delegate* unmanaged<nint, void> StartTracking;
    public static readonly delegate* unmanaged<nint, void> ClearRequests;
    public static readonly delegate* unmanaged<nint, nuint*, nint*> GetRequests;
    public static readonly delegate* unmanaged<nint*, nuint, void> DestroyRequests;
    public static readonly delegate* unmanaged<nint, short> RequestApiKey;

#pragma warning disable CA1810 // Function pointers cannot be initialised inline from one loaded handle.
    static MockLibrary()
#pragma warning restore CA1810
    {
        _ = Library.VersionString; // Makes Confluent.Kafka choose and load its library.
        var path = Process.GetCurrentProcess().Modules.Cast<ProcessModule>().First(m => m.FileName.Contains("rdkafka", StringComparison.Ordinal) && !m.FileName.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)).FileName;
        var library = NativeLibrary.Load(path);
        nint Get(string name) => NativeLibrary.GetExport(library, "rd_kafka_" + name);
        ConfNew = (delegate* unmanaged<nint>)Get("conf_new");
        ConfSet = (delegate* unmanaged<nint, byte*, byte*, byte*, nuint, int>)Get("conf_set");
        New = (delegate* unmanaged<int, nint, byte*, nuint, nint>)Get("new");
        Destroy = (delegate* unmanaged<nint, void>)Get("destroy");
        ClusterNew = (delegate* unmanaged<nint, int, nint>)Get("mock_cluster_new");
        ClusterDestroy = (delegate* unmanaged<nint, void>)Get("mock_cluster_destroy");
        Bootstraps = (delegate* unmanaged<nint, nint>)Get("mock_cluster_bootstraps");
        TopicCreate = (delegate* unmanaged<nint, byte*, int, int, int>)Get("mock_topic_create");
        PushErrors = (delegate* unmanaged<nint, short, nuint, int*, void>)Get("mock_push_request_errors_array");
        ClearErrors = (delegate* unmanaged<nint, short, void>)Get("mock_clear_request_errors");
        SetDown = (delegate* unmanaged<nint, int, int>)Get("mock_broker_set_down");
        SetUp = (delegate* unmanaged<nint, int, int>)Get("mock_broker_set_up");
        SetRtt = (delegate* unmanaged<nint, int, int, int>)Get("mock_broker_set_rtt");
        SetLeader = (delegate* unmanaged<nint, byte*, int, int, int>)Get("mock_partition_set_leader");
        DeleteRecords = (delegate* unmanaged<nint, byte*, int, long, int>)Get("mock_partition_delete_records");
        StartTracking = (delegate* unmanaged<nint, void>)Get("mock_start_request_tracking");
        ClearRequests = (delegate* unmanaged<nint, void>)Get("mock_clear_requests");
        GetRequests = (delegate* unmanaged<nint, nuint*, nint*>)Get("mock_get_requests");
        DestroyRequests = (delegate* unmanaged<nint*, nuint, void>)Get("mock_request_destroy_array");
        RequestApiKey = (delegate* unmanaged<nint, short>)Get("mock_request_api_key");
    }
}
